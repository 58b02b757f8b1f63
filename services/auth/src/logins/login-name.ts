import { Refusal } from '@latchkey/contracts';
import { lookAlikes } from './look-alikes.ts';

// The policy and its reasons: docs/import.md.

const letterOf = new Map(
  Object.entries(lookAlikes).flatMap(([letter, points]) => points.split(' ').map((point) => [String.fromCodePoint(parseInt(point, 16)), letter] as const)),
);
const withLetters = (text: string) => [...text].map((character) => letterOf.get(character) ?? character).join('');
const withCasedLetters = (text: string) => [...text].map((character) => (/\p{Cased}/u.test(character) ? letterOf.get(character) : undefined) ?? character).join('');
const isAscii = (text: string) => /^\p{ASCII}*$/u.test(text);

/** Controls, line breaks, halves of characters; and what can't be seen, but for the joiners that scripts and emoji need. */
const unfit = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|(?![\u200c\u200d\ufe0e\ufe0f\u{e0020}-\u{e007f}])\p{Default_Ignorable_Code_Point}/u;
const mostUnits = 254;

/**
 * What makes two login names the same: case, width, composition, invisible characters, spaces around and letters of other
 * scripts that look like ASCII's do not tell people apart. Every lookup and the table's unique column go through it.
 */
export function loginNameKey(loginName: string): string {
  let key = loginName;
  // Each step may make work for another (a folded letter decomposes): until nothing changes, which takes two or three rounds.
  for (let before = ''; before !== key; ) {
    before = key;
    // NFKC would make the lunate sigma, which looks like a c, an ordinary one.
    const visible = key.replace(/\p{Default_Ignorable_Code_Point}/gu, '').replace(/[\u03f2\u03f9]/g, 'c');
    key = asAsciiLooks(foldCase(visible.normalize('NFKC'))).replace(/\s+/gu, ' ').trim();
  }
  return key;
}

/** A name as it is stored and shown, for whoever creates a login; refuses what nobody could type again from seeing it. */
export function acceptLoginName(typed: string, path = 'loginName'): string {
  const refuse = (message: string) => new Refusal('invalid_request', { issues: [{ path, message }] });
  const loginName = typed.normalize('NFC').trim();
  if (unfit.test(loginName)) throw refuse('must not contain control or invisible characters');
  if (loginName.length > mostUnits) throw refuse(`must have at most ${mostUnits} characters`);
  if (loginNameKey(loginName) === '') throw refuse('must not be empty');
  return loginName;
}

/** Full case folding: by the capitals, so that ß is ss; letter by letter, since a sigma at the end has a form of its own. */
function foldCase(text: string): string {
  return [...text.toUpperCase()].map((character) => character.toLowerCase()).join('').replaceAll('ς', 'σ').replaceAll('i\u0307', 'i').normalize('NFKC');
}

/**
 * Letters of scripts with two cases (Cyrillic, Greek, Armenian …) always count as what they look like. Those of other
 * scripts only in a name that is nothing but such letters, or that has Latin ones: among themselves they are not alike
 * (Hebrew vav and final nun both resemble an l, and are different letters of ordinary names).
 */
function asAsciiLooks(text: string): string {
  const all = withLetters(text);
  if (isAscii(all)) return all;
  const cased = withCasedLetters(text);
  return /[a-z]/.test(cased) ? withLetters(cased) : cased;
}
