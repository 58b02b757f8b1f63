import '../../texts/speak-english.ts';
import { describe, expect, test } from 'vitest';
import { texts } from '../../texts/texts.ts';
import { signInNotice } from './sign-in-notice.ts';

describe('what the sign-in page says to somebody who was led there', () => {
  test('nothing to somebody who just came', () => {
    expect(signInNotice({}, { status: 'unknown' })).toBeNull();
    expect(signInNotice({}, { status: 'signed_out', reason: 'never' })).toBeNull();
  });

  test('why the session is over', () => {
    expect(signInNotice({}, { status: 'signed_out', reason: 'ended' })).toBe(texts.signIn.ended);
    expect(signInNotice({}, { status: 'signed_out', reason: 'signed_out' })).toBe(texts.signIn.signedOut);
    expect(signInNotice({}, { status: 'signed_out', reason: 'two_factor_changed' })).toBe(texts.signIn.changed);
  });

  test('that the attempt is over, before anything else', () => {
    const notice = signInNotice({ attemptOver: true }, { status: 'signed_out', reason: 'ended' });
    expect(notice).toBe(texts.failures.attempt_over);
  });
});
