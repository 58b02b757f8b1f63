import { SetupFailure } from '../failure.ts';
import { backupCommand } from './backup-command.ts';
import { opsCommand } from './ops/ops-command.ts';
import { resealCommand } from './reseal-command.ts';
import { restoreCommand } from './restore-command.ts';
import { rotateKeys } from './rotate-keys.ts';
import { runAuthCommand } from './run-auth-command.ts';
import { WrongUsage } from './wrong-usage.ts';

type Command = { usage: string; summary: string; run(args: string[]): Promise<number> };

const ofAuth = (name: string, usage: string, summary: string): [string, Command] => [name, { usage, summary, run: (args) => runAuthCommand([name, ...args]) }];

const commands = new Map<string, Command>([
  ofAuth('create-provider', '--name <name> [--policy …] [--contact-… …]', 'a service provider; prints its id'),
  ofAuth('create-staff', '--login <name> [--provider <id>] [--email <address>]', "a login of a provider's staff"),
  ofAuth('create-operator', '--login <name> [--provider <id>] [--email <address>]', 'a login of an operator'),
  ofAuth('import', '<file> [--format csv|jsonl] [--provider <id>] [--report <file>] [--invite]', 'logins with their password hashes'),
  ofAuth('unlock', '<loginName>', 'forgets wrong passwords and codes of a login'),
  ofAuth('timeline', '<loginName> | --attempt <id> [--last <count>]', 'what happened to a login, or in an attempt'),
  ['ops', { usage: '<command>, see npx latchkey ops', summary: 'queues, dead letters, deliveries and providers of a running system', run: opsCommand }],
  ['rotate-keys', { usage: '', summary: 'makes a new sealing key, and says what to do with it', run: rotateKeys }],
  ['reseal', { usage: '[--service auth|code-issuance|delivery|all]', summary: 'seals everything stored with the current key', run: resealCommand }],
  ['backup', { usage: '<folder> [--keys-to <file>]', summary: 'what lasts of the running system, into a new folder', run: backupCommand }],
  ['restore', { usage: '<folder> [--keys-from <file>]', summary: 'a backup, into an empty system', run: restoreCommand }],
]);

const help = () =>
  [
    'Usage: npx latchkey <command>',
    '',
    ...[...commands].map(([name, { usage, summary }]) => `  ${name.padEnd(16)} ${summary}\n  ${''.padEnd(16)} ${usage}`.trimEnd()),
    '',
    'Settings come from the running npm start of this checkout, or from the environment (LATCHKEY_DATABASE_URL,',
    'LATCHKEY_SEALING_KEYS, LATCHKEY_REDIS_URL; backup and restore: LATCHKEY_POSTGRES_URL). More: docs/command-line.md,',
    'docs/operations/backup.md.',
  ].join('\n');

async function main([name, ...args]: string[]): Promise<number> {
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    console.log(help());
    return name === undefined ? 2 : 0;
  }
  const command = commands.get(name);
  if (command) return command.run(args);
  console.error(`There is no command "${name}".\n\n${help()}`);
  return 2;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof SetupFailure ? error.message : error);
  process.exitCode = error instanceof WrongUsage ? 2 : 1;
}
