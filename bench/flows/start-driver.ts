import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Job, Report } from './plan.ts';

export type Driver = { pid: number; snsUrl: string; ask<K extends Report['kind']>(job: Job, kind: K): Promise<Extract<Report, { kind: K }>>; stop(): void };

/** Starts the process that drives the load. */
export async function startDriver(): Promise<Driver> {
  const child = fork(fileURLToPath(new URL('driver.ts', import.meta.url)), { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: ['--disable-warning=ExperimentalWarning'] });
  const { snsUrl } = await nextReport(child, 'ready');
  return {
    pid: child.pid ?? 0,
    snsUrl,
    ask(job, kind) {
      const answer = nextReport(child, kind);
      child.send(job);
      return answer;
    },
    stop: () => void (child.connected && child.disconnect()),
  };
}

function nextReport<K extends Report['kind']>(child: ChildProcess, kind: K): Promise<Extract<Report, { kind: K }>> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`the driver of the load ended with ${code}`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      const report = message as Report;
      if (report.kind === kind) resolve(report as Extract<Report, { kind: K }>);
      else reject(new Error(report.kind === 'broken' ? report.message : `the driver of the load answered ${report.kind}`));
    });
  });
}
