import '../texts/speak-english.ts';
import { RequestFailed } from '@latchkey/client';
import { expect, test } from 'vitest';
import { newPasswordProblem, weaknessIn } from './new-password-field.tsx';

const refused = (path: string, message: string) => new RequestFailed('invalid_request', { issues: [{ path, message }] });

// The words of services/auth/src/passwords/password-rules.ts.
test.each([
  ['must have at least 8 characters', /at least 8 characters/],
  ['is one of the most common passwords', /most common/],
  ['must not be the login name', /login name/],
  ['must not be the email address', /email address/],
  ['is something that only a later server knows', /too easy to guess/],
])('a password that %s is refused in words for a person', (message, words) => {
  for (const path of ['newPassword', 'password']) expect(weaknessIn(refused(path, message))).toMatch(words);
});

test('what is wrong with something else is not said of the password', () => {
  expect(weaknessIn(refused('token', 'not a token of a link'))).toBeNull();
  expect(weaknessIn(new RequestFailed('unavailable'))).toBeNull();
});

test('characters are counted as people count them', () => {
  expect(newPasswordProblem('')).not.toBeNull();
  expect(newPasswordProblem('🔑🔑🔑🔑')).not.toBeNull();
  expect(newPasswordProblem('🔑🔑🔑🔑🔑🔑🔑🔑')).toBeNull();
});
