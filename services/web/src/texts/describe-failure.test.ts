import './speak-english.ts';
import { errorCodes } from '@latchkey/contracts';
import { describe, expect, test } from 'vitest';
import { type FailureCode, RequestFailed } from '@latchkey/client';
import { describeFailure } from './describe-failure.ts';

describe('a failure in words', () => {
  test.each([...Object.keys(errorCodes), 'network_lost'] as FailureCode[])('%s is a whole sentence for a person', (code) => {
    const sentence = describeFailure(new RequestFailed(code));
    expect(sentence).toMatch(/^[A-Z].{10,}\.$/);
    expect(sentence).not.toMatch(/undefined|null|_|\[object/);
  });

  test('says how many tries are left, and one of them in the singular', () => {
    expect(describeFailure(new RequestFailed('wrong_code', { attemptsLeft: 4 }))).toContain('4 tries left');
    expect(describeFailure(new RequestFailed('wrong_code', { attemptsLeft: 1 }))).toContain('1 try left');
  });

  test('says when to try again, and counts down', () => {
    const away = new RequestFailed('unavailable', { retryAfterSeconds: 30 });
    expect(describeFailure(away)).toContain('Try again in 30 seconds.');
    expect(describeFailure(away, 1)).toContain('Try again in 1 second.');
    expect(describeFailure(away, 0)).toContain('Try again in a moment.');
    expect(describeFailure(new RequestFailed('locked', { retryAfterSeconds: 300 }))).toContain('in 5 minutes');
  });

  test('a code of a newer server is still a sentence', () => {
    expect(describeFailure(new RequestFailed('out_of_paper' as FailureCode))).toMatch(/wrong on our side/);
  });
});
