import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Gathered } from './gathered.ts';

test('what comes within the time is worked on at once, and what comes later by itself', async () => {
  const batches: number[][] = [];
  const gathered = new Gathered<number>(async (items) => batches.push(items), { gatherMs: 20 });
  await Promise.all([1, 2, 3].map((item) => gathered.add(item)));
  await gathered.add(4);
  expect(batches).toEqual([[1, 2, 3], [4]]);
});

test('as many as go together do not wait for the time', async () => {
  const batches: number[][] = [];
  const gathered = new Gathered<number>(async (items) => batches.push(items), { gatherMs: 3_600_000, mostAtOnce: 2 });
  await Promise.all([gathered.add(1), gathered.add(2)]);
  expect(batches).toEqual([[1, 2]]);
});

test('work that fails fails for those who were part of it, and for nobody else', async () => {
  const gathered = new Gathered<string>(async (items) => {
    if (items.includes('bad')) throw new Error('away');
  }, { gatherMs: 5 });
  expect(await Promise.allSettled([gathered.add('bad'), gathered.add('with it')])).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
  await gathered.add('later');
});

test('nobody is told before the work is done', async () => {
  const finish: (() => void)[] = [];
  const gathered = new Gathered<number>(() => new Promise<void>((resolve) => finish.push(resolve)), { gatherMs: 1 });
  let done = false;
  const adding = gathered.add(1).then(() => (done = true));
  await wait(20);
  expect([finish.length, done]).toEqual([1, false]);
  finish[0]?.();
  await adding;
});
