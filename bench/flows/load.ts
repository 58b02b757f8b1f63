import { setTimeout as wait } from 'node:timers/promises';
import type { Load, Outcome } from './plan.ts';

/** Of a closed loop's time, before every user has been answered at least about once. */
const rampShare = 0.25;

type Ended = { startedAt: number; endedAt: number };

/** Runs a flow over and over and tells how long it took; each gives how often it was deferred. */
export async function carry(load: Load, flow: () => Promise<number>): Promise<Outcome> {
  const good: Ended[] = [];
  const failures: Record<string, number> = {};
  let deferred = 0;
  const once = async (startedAt: number) => {
    try {
      deferred += await flow();
      good.push({ startedAt, endedAt: performance.now() });
    } catch (error) {
      const message = (error as Error).message;
      failures[message] = (failures[message] ?? 0) + 1;
      // A user who is refused does not come back within the same millisecond.
      await wait(50);
    }
  };
  const origin = performance.now();
  const [from, to] = await underLoad(load, origin, once);
  const measured = good.filter(({ endedAt }) => endedAt >= from);
  const inTime = measured.filter(({ endedAt }) => endedAt <= to).length;
  return { tookMs: measured.map(({ startedAt, endedAt }) => endedAt - startedAt), inTime, measuredMs: to - from, completed: good.length, deferred, failures };
}

/** Gives the time between which endings count. */
async function underLoad(load: Load, origin: number, once: (startedAt: number) => Promise<void>): Promise<[number, number]> {
  if (load.kind === 'counted') {
    for (let turn = 0; turn < load.flows; turn += 1) await once(performance.now());
    return [origin, performance.now()];
  }
  const until = origin + load.ms;
  if (load.kind === 'closed') {
    const user = async () => {
      while (performance.now() < until) await once(performance.now());
    };
    await Promise.all(Array.from({ length: load.users }, user));
    return [origin + load.ms * rampShare, until];
  }
  const underWay: Promise<void>[] = [];
  for (let turn = 0; ; turn += 1) {
    const dueAt = origin + (turn / load.perSecond) * 1000;
    if (dueAt > until) break;
    const leftMs = dueAt - performance.now();
    if (leftMs > 0) await wait(leftMs);
    underWay.push(once(dueAt));
  }
  await Promise.all(underWay);
  // All that were due count, however late they ended.
  return [origin, performance.now()];
}
