import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { SetupFailure } from '../failure.ts';

/** The command was asked for wrongly: exit code 2. */
export class WrongUsage extends SetupFailure {
  override name = 'WrongUsage';
}

/** Options of a command that takes nothing else. */
export function readOptions(name: string, usage: string, args: string[], options: ParseArgsOptionsConfig): Record<string, string | boolean | undefined> {
  try {
    return parseArgs({ args, options: { ...options, help: { type: 'boolean', short: 'h' } } }).values as Record<string, string | boolean | undefined>;
  } catch (error) {
    throw new WrongUsage(`${(error as Error).message}\nUsage: npx latchkey ${name} ${usage}`.trim());
  }
}
