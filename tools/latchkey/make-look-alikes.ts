import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootDirectory } from '../paths.ts';

// node tools/latchkey/make-look-alikes.ts <confusables.txt>: makes the table of look-alikes anew, from the file of that
// name in https://www.unicode.org/Public/security/. Needed when Unicode adds letters.

const target = join(rootDirectory, 'services/auth/src/logins/look-alikes.ts');
const text = readFileSync(process.argv[2] ?? '', 'utf8').replace(/^\ufeff/, '');
const version = /^# Version: (\S+)/m.exec(text)?.[1] ?? 'unknown';

/** Character → what Unicode takes as the model of all that look like it. */
const models = new Map<string, string>();
for (const [, from = '', to = ''] of text.matchAll(/^\s*([0-9A-F]+) *;\s*([0-9A-F ]+?) *;/gm)) models.set(decode(from), decode(to));

const byLetter = new Map<string, Set<string>>();
const letterOf = new Map<string, string>();
const add = (character: string, letter: string) => {
  if (letterOf.has(character)) return;
  letterOf.set(character, letter);
  byLetter.set(letter, (byLetter.get(letter) ?? new Set()).add(character));
};

// Names are folded first: an entry is for a folded letter, also when only its capital looks like one of ASCII's.
const folded = [...models.keys()].filter((from) => !isAscii(fold(from)) && [...fold(from)].length === 1);
for (const from of folded.filter((one) => fold(one) === one)) addWhenAscii(from, models.get(from));
for (const from of folded) addWhenAscii(fold(from), models.get(from));
// The models of those found by their capital: what looks like a small one of them looks like the letter as well.
for (const [character, letter] of [...letterOf]) {
  const model = models.get(character);
  if (model !== undefined && [...model].length === 1 && !isAscii(model) && fold(model) === model) add(model, letter);
}

const lines = [...byLetter].sort(([one], [other]) => (one < other ? -1 : 1)).map(([letter, characters]) => `  ${letter}: '${encode(characters)}',`);
writeFileSync(
  target,
  `// Made by tools/latchkey/make-look-alikes.ts from confusables.txt ${version} (UTS #39), never by hand.
// Data © 1991-2025 Unicode, Inc., used under the Unicode License V3 (https://www.unicode.org/license.txt).

/** For each letter and digit of ASCII the folded characters that look like it, in either case, as code points. */
export const lookAlikes: Record<string, string> = {
${lines.join('\n')}
};
`,
);

function addWhenAscii(character: string, model: string | undefined): void {
  const letter = model === 'rn' ? 'm' : model?.toLowerCase();
  if (letter !== undefined && /^[a-z0-9]$/.test(letter)) add(character, letter);
}

function fold(character: string): string {
  return [...character.normalize('NFKC').toUpperCase()].map((one) => one.toLowerCase()).join('').replaceAll('ς', 'σ').normalize('NFKC');
}

function isAscii(characters: string): boolean {
  return [...characters].every((character) => character < '\x80');
}

function decode(hex: string): string {
  return String.fromCodePoint(...hex.split(/\s+/).map((point) => parseInt(point, 16)));
}

function encode(characters: Iterable<string>): string {
  const points = [...characters].map((character) => character.codePointAt(0) ?? 0).sort((one, other) => one - other);
  return points.map((point, index) => (index > 0 && index % 24 === 0 ? `' +\n    ' ${point.toString(16)}` : `${index > 0 ? ' ' : ''}${point.toString(16)}`)).join('');
}
