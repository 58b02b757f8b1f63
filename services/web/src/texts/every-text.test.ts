import { http, noticeIssued } from '@latchkey/contracts';
import { describe, expect, test } from 'vitest';
import { languages } from './language.ts';

interface Told {
  /** Where the text is, and what it was called with. */
  where: string;
  text: string;
}

const assurances = http.session.shape.assurance.options;
const reasons = ['wrong_password', 'new_password_required', 'too_many_requests', 'wrong_code', 'code_expired', 'attempt_over', 'locked', 'this', 'one', 'others', 'changed', 'reset', 'chosen', 'of a newer server'];
const methodKinds = ['sms', 'email', 'totp', 'recovery_code'] as const;
const variants = [
  ...reasons.flatMap((reason) => [undefined, 0, 1, 4].map((attemptsLeft) => ({ reason, attemptsLeft }))),
  ...assurances.flatMap((assurance) => [true, false].map((newDevice) => ({ assurance, newDevice }))),
  ...(['sms', 'email'] as const).map((channel) => ({ channel })),
  { retryAfter: '‹time›' },
];
const counts = [0, 1, 2, 11];
const bothWays = [true, false];
/** None, either and both of the channels that have nobody else. */
const alone = [[], ['sms'], ['email'], ['sms', 'email']];
/** What an operator did, as it stands in the audit book. */
const targets = [
  ...[undefined, ['‹id›'], ['‹id›', '‹id›']].map((ids) => ({ ids })),
  ...bothWays.flatMap((yes) => ['sms', 'email'].map((channel) => ({ channel, on: yes, paused: yes, draining: yes }))),
].map((target) => ({ queue: '‹queue›', provider: '‹provider›', worker: '‹worker›', channel: '‹channel›', ...target }));
/** What the functions are called with, by where they are; `‹…›` must come out again. */
const examples: [place: RegExp, calls: unknown[][]][] = [
  [/\.(happened|failures)\./, variants.flatMap((facts) => [[facts], ...methodKinds.map((kind) => [{ ...facts, method: { kind, hint: '‹hint›' } }])])],
  [/\.(kinds\.|codeSent)/, variants.flatMap((facts) => [[facts], [{ ...facts, method: '‹method›', device: '‹device›' }]])],
  [/\.(found|\w*[cC]ount|left|loadedOlder)$/, counts.flatMap((count) => [[count, false], [count, true]])],
  [/\.audit\.actions\./, targets.map((target) => [target])],
  [/\.deliveries\.notice$/, [...noticeIssued.shape.kind.options, '‹newer›'].map((kind) => [kind])],
  [/\.(deliveries\.(segments|asks|unknownAsks)|dead\.(chosen|tries|discarded|notFound|\w+Title))$/, counts.map((count) => [count])],
  [/\.dead\.shown$/, [[1, 1], [2, 2], [2, 11]]],
  [/\.(queues\.openDead|dead\.redriven)$/, counts.map((count) => [count, '‹queue›'])],
  [/\.dead\.(redrive|discard)Text$/, [1, 2, 11].flatMap((count) => bothWays.flatMap((all) => [0, 1, 2].map((expired) => [count, '‹queue›', all, expired])))],
  [/\.(drain|off)Text$/, alone.flatMap((channels) => bothWays.map((others) => ['‹one›', channels, others]))],
  [/\.(pause|resume)(Of|Title)$/, [['sms'], ['email']]],
  [/\.chart\.told$/, [['‹title›', '‹span›', ['‹one›', '‹other›']]]],
  [/./, [['‹one›', '‹other›', '‹third›']]],
];

const everyTextOf = async (language: string): Promise<Told[]> => {
  const files = await Promise.all([import(`./${language}/first.ts`), import(`./${language}/pages.ts`), import(`./${language}/provider.ts`), import(`./${language}/operator.ts`)]);
  return files.flatMap((file: object) => walk(file, ''));
};

function walk(value: unknown, where: string): Told[] {
  if (typeof value === 'string') return [{ where, text: value }];
  if (typeof value === 'function') {
    const calls = examples.find(([place]) => place.test(where))?.[1] ?? [];
    return calls.map((args) => ({ where: `${where}(${JSON.stringify(args).slice(1, -1)})`, text: value(...args) as string }));
  }
  return Object.entries(value as object).flatMap(([name, inner]) => walk(inner, `${where}.${name}`));
}

const mentioned = (text: string) => [...new Set(text.match(/‹\w+›|\d+/g))].sort();
/** How it ends, which tells a sentence from a label and a question from either. */
const ending = (text: string) => /[.?…]\)?$/.exec(text)?.[0];

const english = new Map((await everyTextOf('en')).map(({ where, text }) => [where, text]));
/** Names, and words that are the same in English. */
const alike: Record<string, string[]> = {
  es: ['Latchkey', '‹one› min', '‹one› ms', '‹one› bytes'],
  fr: ['Latchkey', 'Code', 'Sessions', 'via ‹one›', 'Message', 'Messages', '1 segment', '2 segments', '11 segments'],
  de: ['Latchkey', 'Code', 'App', 'Name', 'Provider', '‹one› min', '‹one› ms'],
};

/** What is wrong with a text, whatever it says. */
const flaw = (text: string) => (/\S/.test(text) ? /\b(undefined|null|NaN)\b|\[object| {2}|\.\.\.|"/.exec(text)?.[0] : 'empty');

test('no text of English is empty or shows a fault of the program', () => {
  expect([...english].filter(([, text]) => flaw(text))).toEqual([]);
});

describe.each(Object.keys(languages).filter((language) => language !== 'en'))('in %s', async (language) => {
  const told = await everyTextOf(language);
  const original = ({ where }: Told) => english.get(where) ?? '';

  test('there is every text that English has, and no other', () => {
    expect(told.map(({ where }) => where).sort()).toEqual([...english.keys()].sort());
  });

  test('no text is empty, shows a fault of the program, has marks of English or may break before one', () => {
    expect(told.filter(({ text }) => flaw(text) ?? /”|'| [:;!?»]|« /.exec(text))).toEqual([]);
  });

  test('every text mentions what the English one does, and is a sentence, a question or a label as that is', () => {
    expect(told.filter((one) => mentioned(one.text).join() !== mentioned(original(one)).join() || ending(one.text) !== ending(original(one)))).toEqual([]);
  });

  test('nothing is left in English, but for names and the few words that are the same', () => {
    const same = told.filter((one) => one.text === original(one) && /\p{L}{2}/u.test(one.text.replace(/‹\w+›/g, '')));
    expect([...new Set(same.map(({ text }) => text))].sort()).toEqual(alike[language]?.sort());
  });
});
