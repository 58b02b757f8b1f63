import { Refusal } from '@latchkey/contracts';
import { expect, test } from 'vitest';
import { refuseWeakPassword } from './password-rules.ts';

const owner = { loginName: 'Erika.Mustermann', emailAddress: 'erika.mustermann.home@example.com' };
const issueOf = (password: string): string | undefined => {
  try {
    refuseWeakPassword(password, owner);
    return undefined;
  } catch (error) {
    return error instanceof Refusal && error.code === 'invalid_request' ? error.details.issues?.[0]?.message : String(error);
  }
};

test.each([
  ['seven characters', 'Xq7#pL2', 'at least 8'],
  ['seven characters that take fourteen units', '\u{1f510}'.repeat(7), 'at least 8'],
  ['129 characters', 'x7'.repeat(64) + 'y', 'at most 128'],
  ['a common one', 'password', 'most common'],
  ['a common one in capitals', 'PASSWORD', 'most common'],
  ['a common one in full-width letters', 'ｐａｓｓｗｏｒｄ', 'most common'],
  ['another common one', 'qwertyuiop', 'most common'],
  ['the login name', 'Erika.Mustermann', 'login name'],
  ['the login name in other case', 'ERIKA.mustermann', 'login name'],
  ['the email address', 'erika.mustermann.home@EXAMPLE.com', 'email address'],
  ['what the email address begins with', 'erika.mustermann.home', 'email address'],
])('refused: %s', (_, password, message) => {
  expect(issueOf(password)).toContain(message);
});

test.each([
  ['eight characters of one kind', 'ugfmqkzv'],
  ['eight emoji', '\u{1f510}\u{1f40e}\u{1f50b}\u{1f4ce}\u{1f33b}\u{1f6f6}\u{1f9c2}\u{1f3b7}'],
  ['128 characters', 'x7'.repeat(64)],
  ['spaces only between words', 'correct horse battery staple'],
])('taken: %s', (_, password) => {
  expect(issueOf(password)).toBeUndefined();
});

test('the refusal names the field it is told', () => {
  expect(() => refuseWeakPassword('short', owner, 'password')).toThrow(expect.objectContaining({ details: { issues: [{ path: 'password', message: expect.any(String) }] } }));
});
