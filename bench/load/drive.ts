import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Answer, Plan } from './plan.ts';

const driver = fileURLToPath(new URL('driver.ts', import.meta.url));

/** Sends a plan's requests from a process of its own, and gives what was answered. */
export function drive(plan: Plan): Promise<Answer[]> {
  return new Promise((resolve, reject) => {
    const child = fork(driver, { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: ['--disable-warning=ExperimentalWarning'] });
    child.once('message', (answers) => resolve(answers as Answer[]));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the driver of the load ended with ${code}`)));
    child.send(plan);
  });
}

/** Of what was answered with 200: how many a second, and milliseconds within which half and all but a hundredth were. */
export function goodput(answers: readonly Answer[], ms: number): { perSecond: number; p50: number; p99: number } {
  const good = answers.filter(({ status }) => status === 200).map(({ tookMs }) => tookMs).sort((one, other) => one - other);
  const at = (share: number) => Math.round(good[Math.min(good.length - 1, Math.floor(good.length * share))] ?? 0);
  return { perSecond: good.length / (ms / 1000), p50: at(0.5), p99: at(0.99) };
}
