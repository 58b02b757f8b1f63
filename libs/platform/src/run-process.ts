import type { Logger } from './logger.ts';
import { WrongSettings } from './config.ts';

type Started = { logger: Logger; stop(): Promise<void>; leaveMs?: number };

/** What stopping in order may take, once a process takes nothing more, in milliseconds. */
const stopWithinMs = 9_000;

/**
 * Runs a service's `start` and stops it in order on SIGTERM or SIGINT; a failed start is one clear line and exit code 1.
 * `leaveMs`: how long it goes on as before when it is told to stop.
 */
export function runProcess(start: () => Promise<Started>): void {
  const fail = (error: unknown) => {
    const known = error instanceof WrongSettings || (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    process.stderr.write(`${known ? (error as Error).message : ((error as Error).stack ?? String(error))}\n`);
    process.exit(1);
  };
  start().then(({ logger, stop, leaveMs = 0 }) => {
    let stopping = false;
    const onSignal = (signal: string) => {
      if (stopping) return;
      stopping = true;
      logger.info({ signal }, 'stopping');
      // Whatever hangs (a broker that is away, say) must not keep the process: the supervisor would kill it anyway.
      setTimeout(() => process.exit(0), leaveMs + stopWithinMs).unref();
      stop().then(() => process.exit(0), fail);
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
  }, fail);
  process.on('unhandledRejection', fail);
}
