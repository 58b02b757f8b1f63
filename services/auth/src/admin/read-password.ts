import { createInterface } from 'node:readline/promises';
import { askHidden } from '@latchkey/platform';
import { CommandFailure } from './command-failure.ts';

/**
 * Asks for a new password, twice and without showing it; without a terminal it is the first line of the standard input.
 * Never from the arguments, which everybody on the machine can read.
 */
export async function readPassword(loginName: string): Promise<string> {
  if (!process.stdin.isTTY) return firstLine();
  const password = await ask(`Password for ${loginName}: `);
  if ((await ask('Once more: ')) !== password) throw new CommandFailure('The two are not the same.');
  return password;
}

async function firstLine(): Promise<string> {
  for await (const line of createInterface({ input: process.stdin })) return line;
  throw new CommandFailure('No password: the standard input is empty.');
}

async function ask(question: string): Promise<string> {
  const typed = await askHidden(question);
  if (typed === undefined) throw new CommandFailure('Broken off.');
  return typed;
}
