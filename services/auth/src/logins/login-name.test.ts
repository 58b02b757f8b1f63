import { Refusal } from '@latchkey/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { acceptLoginName, loginNameKey } from './login-name.ts';

describe('the same person, typed otherwise', () => {
  test.each([
    ['case', 'Erika.Mustermann', 'ERIKA.MUSTERMANN'],
    ['full-width letters', 'paypal', 'ｐａｙｐａｌ'],
    ['mathematical letters', 'paypal', '𝓹𝓪𝔂𝓹𝓪𝓵'],
    ['composition', 'Zoë', 'Zoe\u0308'],
    ['sharp s', 'Straße', 'STRASSE'],
    ['a sigma at the end', 'Οδυσσεύς', 'ΟΔΥΣΣΕΎΣ'],
    ['a dotted capital', 'İsmail', 'ismail'],
    ['spaces around, and which space between', ' Ann Lee ', 'ann\u00a0 lee'],
    ['zero-width characters', 'admin', 'ad\u200bm\u2060in\ufeff'],
    ['a soft hyphen', 'admin', 'ad\u00admin'],
    ['a change of direction', 'admin', '\u202eadmin\u202c'],
    ['invisible tags', 'admin', 'admin\u{e0061}\u{e0062}'],
  ])('%s', (_, one, other) => {
    expect(loginNameKey(other)).toBe(loginNameKey(one));
  });
});

describe('another name that looks the same', () => {
  test.each([
    ['Cyrillic', 'paypal', 'раураӏ'],
    ['one Cyrillic letter', 'paypal', 'pаypal'],
    ['Cyrillic capitals', 'BOMBHATCKEP', 'ВОМВНАТСКЕР'],
    ['Greek', 'tom', 'τομ'],
    ['Greek capitals', 'BOTTAXEZ', 'ΒΟΤΤΑΧΕΖ'],
    ['a lunate sigma', 'cocos', 'ϲoϹos'],
    ['Armenian', 'hou', 'հօս'],
    ['Cherokee', 'DAVEW', 'ᎠAᏙEᎳ'],
    ['Lisu, which has no cases', 'BOB', 'ꓐꓳꓐ'],
    ['a digit of another script among Latin letters', 'bob', 'b০b'],
    ['a dotless i', 'mike', 'mıke'],
    ['small capitals', 'bob', 'ʙᴏʙ'],
  ])('%s', (_, one, other) => {
    expect(loginNameKey(other)).toBe(loginNameKey(one));
  });
});

test('names that only resemble each other within ASCII stay different', () => {
  const names = ['paul', 'pau1', 'paui', 'bob0', 'bobo', 'burn', 'bum', 'cl', 'd', 'vv', 'w'];
  expect(new Set(names.map(loginNameKey)).size).toBe(names.length);
});

test('ordinary names of many languages stay different', () => {
  const names = [
    ...['müller', 'muller', 'mueller', 'erika', 'erik', 'josé', 'jose', 'zoë', 'zoe', 'łukasz', 'lukasz', 'øystein', 'oystein', 'ann lee', 'annlee', 'ann-lee', 'ann_lee', 'ann.lee'],
    ...['иван', 'ивана', 'мария', 'марина', 'ольга', 'олег', 'сергей', 'андрей', 'александр', 'александра', 'татьяна', 'наталья', 'вова', 'вера', 'лена', 'лёна', 'йога', 'ига'],
    ...['γιώργος', 'γιαννης', 'νικος', 'μαρία', 'ελένη', 'σοφία', 'δημήτρης'],
    ...['דן', 'דו', 'דנה', 'יוסי', 'אהרון', 'שרה', 'محمد', 'احمد', 'فاطمة', 'علي', 'عالي', 'राम', 'सीता', 'สมชาย', 'สมหญิง'],
    ...['田中', '山田', 'たなか', 'タナカ', '김민수', '김민준', '🙂', '🙃', '👍', '👎'],
  ];
  const byKey = new Map<string, string[]>();
  for (const name of names) byKey.set(loginNameKey(name), [...(byKey.get(loginNameKey(name)) ?? []), name]);
  expect([...byKey.values()].filter((same) => same.length > 1)).toEqual([]);
});

const anyName = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(...'aIl1O0ßςΣσİıiѕсорԛСОРѴשדןו٥০ᎠᏙꓐﬃ㎏ⅷ\u0307\u0308\u200b\u00ad\u3164 \u00a0ͅΐ'), maxLength: 20 }),
);

test('for every name, the key of the key is the key', () => {
  fc.assert(fc.property(anyName, (name) => loginNameKey(loginNameKey(name)) === loginNameKey(name)), { numRuns: 3_000 });
});

test('for every name, case, composition, invisible characters and spaces around change nothing', () => {
  const invisible = fc.constantFrom('\u200b', '\u00ad', '\u2060', '\ufeff', '\u202e', '\u034f');
  fc.assert(
    fc.property(anyName, invisible, fc.nat(40), (name, character, at) => {
      const key = loginNameKey(name);
      const points = [...name.normalize('NFC')];
      const hidden = [...points.slice(0, at), character, ...points.slice(at)].join('');
      for (const variant of [name.normalize('NFC'), name.normalize('NFD'), ` ${name}\u00a0`]) expect(loginNameKey(variant)).toBe(key);
      // An invisible character may part a letter from its accent, which then composes no more: told apart by nobody.
      expect(loginNameKey(hidden)).toBe(loginNameKey(points.join('')));
    }),
    { numRuns: 2_000 },
  );
});

test('for every name of ASCII letters and digits the key is the name in lower case', () => {
  const ascii = fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_@+'), minLength: 1, maxLength: 40 });
  fc.assert(fc.property(ascii, (name) => loginNameKey(name) === name.toLowerCase()));
});

test('for every ASCII name, one that has look-alikes in place of its letters collides', () => {
  const alike: Record<string, string[]> = { a: ['а', 'α', 'ａ', '𝐚'], c: ['с', 'ϲ', 'ⅽ'], e: ['е', 'ｅ', 'Ε'], o: ['о', 'ο', 'օ', 'Ο'], p: ['р', 'ρ', 'Р'], x: ['х', 'χ', 'Χ'], h: ['һ', 'Н', 'Η'], k: ['к', 'κ', 'Κ'] };
  const pick = fc.array(fc.tuple(fc.constantFrom(...Object.keys(alike)), fc.nat(3)), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(pick, (letters) => {
      const plain = letters.map(([letter]) => letter).join('');
      const spoofed = letters.map(([letter, index]) => alike[letter]?.[index] ?? letter).join('');
      return loginNameKey(spoofed) === plain;
    }),
  );
});

describe('a name that is accepted', () => {
  test('is kept as it was typed, but for spaces around', () => {
    expect(acceptLoginName('  Zoë Lee ')).toBe('Zoë Lee');
    expect(acceptLoginName('👩\u200d🚀')).toBe('👩\u200d🚀');
    expect(acceptLoginName('می\u200cخواهم')).toBe('می\u200cخواهم');
  });

  test.each([
    ['nothing', ''],
    ['spaces', ' \u3000'],
    ['nothing that can be seen', '\u200d'],
    ['a null byte', 'a\0b'],
    ['a line break', 'a\u2028b'],
    ['a change of direction', 'a\u202eb'],
    ['a zero-width space', 'a\u200bb'],
    ['half a character', 'a\ud83d'],
    ['255 characters', 'x'.repeat(255)],
  ])('is not %s', (_, name) => {
    expect(() => acceptLoginName(name)).toThrow(Refusal);
  });
});
