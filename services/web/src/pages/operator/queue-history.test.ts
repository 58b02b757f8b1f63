import { expect, test } from 'vitest';
import type { Queue } from './operator-api.ts';
import { addSample, figureOf, kindOf, type Sample, sumOf } from './queue-history.ts';

const queue = (name: string, service: string | null, figures: Partial<Queue> = {}): Queue => ({ name, service, ready: 0, unacked: null, consumers: 1, publishPerSecond: null, deliverPerSecond: null, oldestSeconds: null, ...figures });
const workers = [3, 4].map((inFlight, index) => ({ worker: `w:${index}`, channels: [], inFlight, draining: false, startedAt: '', seenAt: '' }));

test('queues are told apart by what they are for', () => {
  expect([queue('delivery.sms', 'delivery'), queue('delivery.sms.dead', 'delivery'), queue('latchkey.requests.v2.auth', 'auth'), queue('latchkey.retry.1000ms', null)].map(kindOf)).toEqual(['events', 'dead', 'requests', 'retries']);
});

test('a sum is of the kinds that are asked for, and not known where none of them is', () => {
  const samples = addSample([], { queues: [queue('a', 'auth', { ready: 2, publishPerSecond: 1.5 }), queue('b', 'auth', { ready: 3 }), queue('a.dead', 'auth', { ready: 9, unacked: 1 })], workers }, 1);
  expect(sumOf(samples, ['events'], 'ready')).toEqual([5]);
  expect(sumOf(samples, ['events'], 'publishPerSecond')).toEqual([1.5]);
  expect(sumOf(samples, ['events'], 'deliverPerSecond')).toEqual([null]);
  expect(sumOf(samples, ['dead'], 'ready', 'unacked')).toEqual([10]);
  expect(samples[0]?.inFlight).toBe(7);
});

test('a queue that was not there yet has no figure then', () => {
  const samples = addSample(addSample([], { queues: [], workers: [] }, 1), { queues: [queue('a', 'auth', { ready: 4 })], workers: [] }, 2);
  expect(figureOf(samples, 'a', 'ready')).toEqual([null, 4]);
});

test('a page that is open for days keeps the latest ten minutes only', () => {
  let samples: Sample[] = [];
  for (let at = 0; at < 1_000; at += 1) samples = addSample(samples, { queues: [], workers: [] }, at);
  expect([samples.length, samples[0]?.at, samples.at(-1)?.at]).toEqual([200, 800, 999]);
});
