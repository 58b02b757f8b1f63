import { parseArgs } from 'node:util';

/** What can be said behind the name of a bench; each bench takes what it understands. */
export type Options = { rounds?: string; seconds?: string; users?: string; only?: string; 'per-second'?: string; sizes?: string; minutes?: string };

const text = { type: 'string' } as const;

/** Names of benches and their options; fails with a sentence on anything else. */
export function readCommandLine(args: string[]): { names: string[]; options: Options } {
  const { positionals, values } = parseArgs({ args, allowPositionals: true, options: { rounds: text, seconds: text, users: text, only: text, 'per-second': text, sizes: text, minutes: text } });
  return { names: positionals, options: values };
}

/** A positive number, or the one that holds when none was given. */
export function numberOf(name: keyof Options, options: Options, fallback: number): number {
  const value = Number(options[name] ?? fallback);
  if (!(value > 0)) throw new Error(`--${name} must be a number above 0`);
  return value;
}

export function listOf(name: keyof Options, options: Options, fallback: readonly string[]): string[] {
  return options[name]?.split(',').map((part) => part.trim()).filter(Boolean) ?? [...fallback];
}
