import { unlinkSync } from 'node:fs';
import { join } from 'node:path';

/** The steps of a login and of a delivery that the fault tests kill a process at: before and after each effect. */
export const crashPoints = [
  'gateway.request-taken',
  'gateway.answer-received',
  'auth.attempt-stored',
  'auth.code-requested',
  'auth.code-judged',
  'auth.attempt-used',
  'auth.device-entered',
  'auth.session-stored',
  'code-issuance.send-counted',
  'code-issuance.message-confirmed',
  'code-issuance.code-judged',
  'device-trust.device-entered',
  'delivery.message-taken',
  'delivery.asking-noted',
  'delivery.provider-asked',
  'delivery.outcome-noted',
  'delivery.outcome-told',
] as const;
export type CrashPoint = (typeof crashPoints)[number];

let directory: string | undefined;

/** Lets tests kill this process; without a folder, as in production, crash points do nothing. */
export function armCrashPoints(watched: string | undefined): void {
  directory = watched;
}

/**
 * Dies here, as by kill -9, when a file of this name lies in the watched folder. The file is taken away first: of several
 * processes one dies, once, and its successor goes on.
 */
export function crashPoint(name: CrashPoint): void {
  if (directory === undefined) return;
  try {
    unlinkSync(join(directory, name));
  } catch {
    return;
  }
  process.kill(process.pid, 'SIGKILL');
}
