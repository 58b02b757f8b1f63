import { beforeEach, describe, expect, test } from 'vitest';
import type { CodeRequired } from '../api/login.ts';
import { beginAttempt, forgetAttempt, keepAttempt, readAttempt } from './stored-attempt.ts';

const text = { id: 'text', kind: 'sms', hint: '•••• 4711', default: false } as const;
const app = { id: 'app', kind: 'totp', hint: '', default: true } as const;
const about = { purpose: 'login', loginName: 'owner', next: '/devices' } as const;
const sent = {
  methodId: 'text',
  state: 'queued',
  expiresAt: '2026-11-24T10:10:00Z',
  resendAt: '2026-11-24T10:00:30Z',
  sendsLeft: 3,
} as const;
const answer = (changes: Partial<CodeRequired>) => ({ attempt: 'secret', methods: [text, app], sent: null, ...changes });

describe('a login attempt that waits for its code', () => {
  beforeEach(forgetAttempt);

  test('asks for the code that was sent, even where another method is the default', () => {
    const begun = beginAttempt(answer({ sent }), about);
    expect(begun.methodId).toBe('text');
    expect(begun.sent).toEqual({ text: sent });
  });

  test('asks for the default method where nothing was sent', () => {
    expect(beginAttempt(answer({}), about).methodId).toBe('app');
    expect(beginAttempt(answer({ methods: [text] }), about).methodId).toBe('text');
  });

  test('is found again, changed, and gone when it is forgotten', () => {
    const begun = beginAttempt(answer({ sent }), about);
    expect(readAttempt()).toEqual(begun);
    keepAttempt({ ...begun, methodId: 'app' });
    expect(readAttempt()?.methodId).toBe('app');
    forgetAttempt();
    expect(readAttempt()).toBeNull();
  });
});
