import { type TextInputProps } from '@mantine/core';
import type { RequestFailed } from '@latchkey/client';
import { pageTexts } from '../texts/page-texts.ts';
import { PasswordField } from './password-field.tsx';

const words = pageTexts.newPassword;

/** For a password that is being chosen: password managers offer one, and the rules stand beside it. */
export function NewPasswordField(props: TextInputProps) {
  return <PasswordField label={words.label} description={words.hint} autoComplete="new-password" name="new-password" {...props} />;
}

/** What can be said without asking the server. */
export function newPasswordProblem(password: string): string | null {
  if (password === '') return words.missing;
  return [...password].length < 8 ? words.tooShort : null;
}

/** The server's refusal of a password, in words; null where it refused for another reason. */
export function weaknessIn({ code, issues }: RequestFailed): string | null {
  const message = issues.find(({ path }) => /^(newPassword|password)$/.test(path))?.message;
  if (code !== 'invalid_request' || message === undefined) return null;
  if (message.includes('at least')) return words.tooShort;
  if (message.includes('common')) return words.common;
  return /login name|email address/.test(message) ? words.ownName : words.weak;
}
