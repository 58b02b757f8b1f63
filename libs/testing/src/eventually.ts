import { setTimeout as wait } from 'node:timers/promises';

/** Calls until it neither throws nor gives `undefined` or `false`; fails with what it said last. */
export async function eventually<T>(
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  { timeoutMs = 5_000, everyMs = 25, what = 'what was waited for' }: { timeoutMs?: number; everyMs?: number; what?: string } = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  let last: unknown;
  do {
    try {
      const value = await probe();
      if (value !== undefined && value !== false) return value;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await wait(everyMs);
  } while (performance.now() < deadline);
  throw new Error(`${what} did not happen within ${timeoutMs} ms`, { cause: last });
}
