import { rootDirectory } from './paths.ts';

/** Something the person at the terminal can put right: printed as its message alone, without a stack. */
export class SetupFailure extends Error {
  override name = 'SetupFailure';
}

/** Ends a command with one clear message. */
export function reportFailure(error: unknown): void {
  process.exitCode = 1;
  if (error instanceof SetupFailure) console.error(`\n${error.message}\n`);
  else if (isDiskFull(error)) console.error(`\nThe disk is full: ${error.message}. Latchkey keeps its data under ${rootDirectory}/.latchkey.\n`);
  else console.error(error);
}

function isDiskFull(error: unknown): error is Error {
  return error instanceof Error && (('code' in error && error.code === 'ENOSPC') || /no space left on device/i.test(error.message));
}
