import { readHash } from '../../services/auth/src/passwords/foreign-hashes.ts';

export type HashBound = { /** With as many at a time as there are processors for. */ perSecond: number; /** One at a time: what a login waits for at least. */ aloneMs: number };

/** How often a password can be judged, by the code that judges it in auth: no login can be faster than that. */
export async function hashBound(password: string, stored: string, ms: number, processors = 2): Promise<HashBound> {
  const hash = readHash(stored);
  const judge = async () => {
    if (!(await hash.isOf(password))) throw new Error('the right password was refused');
  };
  const alone: number[] = [];
  const run = async (workers: number, lasting: number, took: number[]) => {
    const origin = performance.now();
    const loop = async () => {
      while (performance.now() < origin + lasting) {
        const startedAt = performance.now();
        await judge();
        took.push(performance.now() - startedAt);
      }
    };
    await Promise.all(Array.from({ length: workers }, loop));
    return performance.now() - origin;
  };
  await run(1, ms / 3, alone);
  const both: number[] = [];
  const lasted = await run(processors, (ms * 2) / 3, both);
  return { perSecond: (both.length * 1000) / lasted, aloneMs: alone.sort((one, other) => one - other)[Math.floor(alone.length / 2)] ?? 0 };
}
