import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { SharedAnswers } from './shared-answers.ts';

/** A question that the test answers when it likes. */
function underTest(endsWaiting?: (error: unknown) => boolean) {
  const asked: { key: string; answer: (value: string) => void; fail: (error: Error) => void }[] = [];
  const shared = new SharedAnswers<string>((key) => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    asked.push({ key, answer: resolve, fail: reject });
    return promise;
  }, endsWaiting);
  return { shared, asked };
}

describe('answers that are shared', () => {
  it('a hundred requests at once are two questions', async () => {
    const { shared, asked } = underTest();
    const all = Promise.all(Array.from({ length: 100 }, () => shared.ask('one')));
    asked[0]!.answer('first');
    await turn();
    asked[1]!.answer('second');
    expect(await all).toEqual(['first', ...Array.from({ length: 99 }, () => 'second')]);
    expect(asked).toHaveLength(2);
  });

  it('nobody gets an answer to a question that was asked before they came', async () => {
    const { shared, asked } = underTest();
    const before = shared.ask('one');
    const after = shared.ask('one');
    asked[0]!.answer('signed in');
    expect(await before).toBe('signed in');
    await turn();
    asked[1]!.answer('ended');
    expect(await after).toBe('ended');
    const later = shared.ask('one');
    asked[2]!.answer('still ended');
    expect(await later).toBe('still ended');
  });

  it('one key never gets the answer of another', async () => {
    const { shared, asked } = underTest();
    const [one, other] = [shared.ask('one'), shared.ask('other')];
    asked.find(({ key }) => key === 'other')!.answer('other');
    asked.find(({ key }) => key === 'one')!.answer('one');
    expect(await Promise.all([one, other])).toEqual(['one', 'other']);
  });

  it('who waits behind a failure asks anew, unless it holds for all of them', async () => {
    const { shared, asked } = underTest((error) => (error as Error).message === 'away');
    const [refused, asksAnew] = [shared.ask('one'), shared.ask('one')];
    asked[0]!.fail(new Error('refused'));
    await expect(refused).rejects.toThrow('refused');
    await turn();
    asked[1]!.answer('well');
    expect(await asksAnew).toBe('well');

    const both = [shared.ask('one'), shared.ask('one')];
    asked[2]!.fail(new Error('away'));
    for (const waiting of both) await expect(waiting).rejects.toThrow('away');
    expect(asked).toHaveLength(3);
    const recovered = shared.ask('one');
    asked[3]!.answer('back');
    expect(await recovered).toBe('back');
  });
});
