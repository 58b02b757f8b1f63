import { createInterface } from 'node:readline/promises';
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

/** In raw mode the terminal shows nothing of what is typed. */
function ask(question: string): Promise<string> {
  process.stderr.write(question);
  process.stdin.setRawMode(true).setEncoding('utf8').resume();
  return new Promise((resolve, reject) => {
    let typed = '';
    const end = (settle: () => void) => {
      process.stdin.off('data', take).setRawMode(false).pause();
      process.stderr.write('\n');
      settle();
    };
    const take = (text: string) => {
      for (const character of text) {
        if (character === '\r' || character === '\n' || character === '\u0004') return end(() => resolve(typed));
        if (character === '\u0003') return end(() => reject(new CommandFailure('Broken off.')));
        typed = character === '\u007f' || character === '\b' ? [...typed].slice(0, -1).join('') : typed + character;
      }
    };
    process.stdin.on('data', take);
  });
}
