import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { createLatchkeyClient, type LatchkeyClient, RequestFailed } from '@latchkey/client';
import { SetupFailure } from '../../failure.ts';
import { WrongUsage } from '../wrong-usage.ts';
import * as figures from './figures.ts';
import { keptSession, tokensInFile } from './session-file.ts';
import { signIn } from './sign-in.ts';

const options = {
  url: { type: 'string' },
  json: { type: 'boolean', default: false },
  all: { type: 'boolean', default: false },
  yes: { type: 'boolean', default: false },
  state: { type: 'string' },
  provider: { type: 'string' },
  channel: { type: 'string' },
  login: { type: 'string' },
  attempt: { type: 'string' },
  last: { type: 'string', default: '50' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

type Asked = ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>;
type Run = (client: LatchkeyClient, asked: Asked) => Promise<{ answer?: unknown; lines: string[] }>;

const commands: Record<string, { usage: string; summary: string; run: Run }> = {
  queues: { usage: '', summary: 'how full the queues are', run: figures.queues },
  workers: { usage: '', summary: 'the workers that deliver', run: figures.workers },
  providers: { usage: '', summary: 'providers with their circuits, and which channels are paused', run: figures.providers },
  deliveries: { usage: '[--state …] [--provider …] [--channel sms|email] [--login <id>] [--last 50]', summary: 'the ledger of sends, newest first', run: (client, { values }) => figures.deliveries(client, filterOf(values), lastOf(values)) },
  'dead-letters': { usage: '<queue>', summary: 'what died in a queue, and why', run: (client, { positionals: [queue = ''] }) => figures.deadLetters(client, queue) },
  redrive: { usage: '<queue> <id> … | --all [--yes]', summary: 'gives dead letters back to their queue', run: (client, asked) => handle('redrive', client, asked) },
  discard: { usage: '<queue> <id> … | --all [--yes]', summary: 'throws dead letters away for good', run: (client, asked) => handle('discard', client, asked) },
  provider: { usage: '<name> on|off', summary: 'whether a provider is asked', run: (client, { positionals: [provider = '', to] }) => client.put('/v1/ops/providers', { body: { provider, on: either(to, 'on', 'off') } }).then((answer) => ({ answer, lines: [`${provider} is ${to}.`] })) },
  channel: {
    usage: 'sms|email pause|resume',
    summary: 'holds the messages of a channel in their queue',
    run: async (client, { positionals: [channel, to] }) => {
      const paused = either(to, 'pause', 'resume');
      const name = either(channel, 'sms', 'email') ? 'sms' : 'email';
      return { answer: await client.put('/v1/ops/channels', { body: { channel: name, paused } }), lines: [`${name} is ${paused ? 'paused' : 'sending'}.`] };
    },
  },
  worker: {
    usage: '<name> drain|take-back',
    summary: 'a worker that drains takes nothing more',
    run: async (client, { positionals: [worker = '', to] }) => {
      const draining = either(to, 'drain', 'take-back');
      await client.put('/v1/ops/workers', { body: { worker, draining } });
      return { lines: [`${worker} ${draining ? 'drains' : 'works again'}.`] };
    },
  },
  story: { usage: '--attempt <id> | --login <id> [--last 50]', summary: 'what happened in a login attempt, or to a login, oldest first', run: (client, { values }) => figures.story(client, storyOf(values), lastOf(values)) },
  audit: { usage: '[--last 50]', summary: 'what operators did, newest first', run: (client, { values }) => figures.audit(client, lastOf(values)) },
};

const help = () =>
  ['Usage: npx latchkey ops <command> [--url <address>] [--json]', '', '  login <loginName>', '    signs in, as a login of role operator; the session is kept for the commands that follow', '  logout', ...Object.entries(commands).flatMap(([name, { usage, summary }]) => [`  ${`${name} ${usage}`.trim()}`, `    ${summary}`])].join('\n');

/** Steers and looks at a running system over its HTTP API, as the operator page does; every change stands in the audit book. */
export async function opsCommand([name = 'help', ...args]: string[]): Promise<number> {
  const asked = read(args);
  if (name === 'help' || name === '--help' || name === '-h' || asked.values.help) {
    console.log(help());
    return 0;
  }
  const baseUrl = (asked.values.url ?? keptSession()?.baseUrl ?? process.env['LATCHKEY_URL'] ?? 'http://localhost:8080').replace(/\/$/, '');
  try {
    await run(name, baseUrl, asked);
    return 0;
  } catch (error) {
    if (error instanceof RequestFailed) throw new SetupFailure(inWords(error, baseUrl));
    throw error;
  }
}

async function run(name: string, baseUrl: string, asked: Asked): Promise<void> {
  const client = createLatchkeyClient({ baseUrl, tokens: tokensInFile(baseUrl) });
  if (name === 'login') {
    const [loginName] = asked.positionals;
    if (loginName === undefined) throw new WrongUsage('Usage: npx latchkey ops login <loginName> [--url <address>]');
    await signIn(baseUrl, loginName);
    return console.log(`Signed in at ${baseUrl}.`);
  }
  if (name === 'logout') {
    await client.post('/v1/logout');
    return console.log('Signed out.');
  }
  const command = commands[name];
  if (!command) throw new WrongUsage(`There is no command "ops ${name}".\n\n${help()}`);
  const { answer = null, lines } = await command.run(client, asked);
  console.log(asked.values.json ? JSON.stringify(answer, null, 2) : lines.join('\n'));
}

async function handle(what: 'redrive' | 'discard', client: LatchkeyClient, { values: { all, yes }, positionals: [queue, ...ids] }: Asked): Promise<{ answer: unknown; lines: string[] }> {
  if (queue === undefined || (ids.length > 0) === all) throw new WrongUsage(`Usage: npx latchkey ops ${what} <queue> <id> … | --all`);
  if (all && !yes && !(await agrees(`${what} every dead letter of ${queue}?`))) throw new SetupFailure('Nothing was done. (--yes says it without being asked.)');
  const answer = await client.post(`/v1/ops/dead-letters/${what}`, { body: { queue, ...(all ? {} : { ids }) } });
  const done = what === 'redrive' ? 'given back' : 'thrown away';
  return { answer, lines: [`${answer.handled} ${done}, ${answer.left} left.`, ...answer.notFound.map((id) => `Not found: ${id}`)] };
}

async function agrees(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}

function read(args: string[]): Asked {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw new WrongUsage(`${(error as Error).message}\n\n${help()}`);
  }
}

/** True for the first word, false for the second. */
function either(word: string | undefined, first: string, second: string): boolean {
  if (word !== first && word !== second) throw new WrongUsage(`${first} or ${second}, please.\n\n${help()}`);
  return word === first;
}

function lastOf({ last }: Asked['values']): number {
  const count = Number(last);
  if (!Number.isInteger(count) || count < 1 || count > 10_000) throw new WrongUsage('--last is a whole number from 1 to 10000.');
  return count;
}

function storyOf({ attempt, login }: Asked['values']): { correlationId: string } | { loginId: string } {
  if (attempt !== undefined && login === undefined) return { correlationId: attempt };
  if (login !== undefined && attempt === undefined) return { loginId: login };
  throw new WrongUsage('Say either --attempt <id> or --login <id>.');
}

/** The API says what it does not know. */
function filterOf({ state, provider, channel, login }: Asked['values']): Parameters<typeof figures.deliveries>[1] {
  const given = { state, provider, channel, loginId: login };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function inWords({ code, issues, retryAfterSeconds }: RequestFailed, baseUrl: string): string {
  if (code === 'not_signed_in') return 'Not signed in: npx latchkey ops login <loginName>';
  if (code === 'invalid_credentials') return 'Name or password is wrong.';
  if (code === 'forbidden') return 'This login is not an operator.';
  if (code === 'network_lost') return `No answer from ${baseUrl}.`;
  const when = retryAfterSeconds === undefined ? '' : `, try again in ${retryAfterSeconds} s`;
  return [`Refused: ${code}${when}.`, ...issues.map(({ path, message }) => `  ${path}: ${message}`)].join('\n');
}
