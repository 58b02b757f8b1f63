import { printable } from '@latchkey/platform';
import { storyOf } from '../attempts/reset-attempt.ts';
import { loginNameKey } from '../logins/login-name.ts';
import type { Command } from './command.ts';
import { CommandFailure } from './command-failure.ts';

type Entry = {
  at: Date;
  kind: string;
  login_name: string | null;
  attempt_id: string | null;
  correlation_id: string | null;
  by_kind: string;
  by_name: string | null;
  device_name: string | null;
  ip: string | null;
  detail: Record<string, unknown> | null;
};

// The id of an attempt (UUID, version 7) begins with its time: a look at the partitions of two days.
const began = `to_timestamp(('x0000' || substr(replace($1::text, '-', ''), 1, 12))::bit(64)::bigint / 1000.0)`;
const nearAttempt = `at BETWEEN ${began} - interval '1 minute' AND ${began} + interval '1 day'`;

/** What happened to a login, or in one login attempt, oldest first. */
export const timeline: Command = {
  usage: '<loginName> | --attempt <id> [--last <count>]',
  summary: 'Shows what happened to a login, or in one login attempt.',
  options: { attempt: { type: 'string' }, last: { type: 'string', default: '50' } },
  names: { least: 0, most: 1 },
  async run({ database, say }, { options, names: [loginName] }) {
    // The id of a reset's code, as the ledger of sends has it, leads to the whole story too.
    const attempt = options['attempt'] === undefined ? undefined : storyOf(options['attempt']);
    const last = Number(options['last']);
    if ((attempt === undefined) === (loginName === undefined)) throw new CommandFailure('Say either a login name or --attempt <id>.', 2);
    if (attempt !== undefined && !/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(attempt)) throw new CommandFailure('--attempt takes the id of an attempt, a UUID of version 7.', 2);
    if (!Number.isInteger(last) || last < 1 || last > 10_000) throw new CommandFailure('--last is a whole number from 1 to 10000.', 2);
    const where = attempt === undefined ? 'login_id = $1' : `(attempt_id = $1::uuid OR correlation_id = $1::uuid) AND ${nearAttempt}`;
    const entries = await database.query<Entry[]>(
      `SELECT at, kind, login_name, attempt_id, correlation_id, by_kind, by_name, device_name, ip, detail
       FROM activity LEFT JOIN logins ON logins.id = login_id WHERE ${where} ORDER BY at DESC, activity.id DESC LIMIT $2`,
      [attempt ?? (await idOf(loginName ?? '')), last],
    );
    if (entries.length === 0) say('Nothing is recorded.');
    for (const entry of entries.reverse()) say(lineOf(entry, attempt === undefined));

    async function idOf(name: string): Promise<string> {
      const [login] = await database.query<{ id: string }[]>('SELECT id FROM logins WHERE login_name_key = $1', [loginNameKey(name)]);
      if (!login) throw new CommandFailure(`There is no login ${name}.`);
      return login.id;
    }
  },
};

function lineOf({ at, kind, login_name, attempt_id, correlation_id, by_kind, by_name, device_name, ip, detail }: Entry, withAttempt: boolean): string {
  const parts = [
    at.toISOString(),
    kind,
    ...(withAttempt ? [] : [login_name ?? '']),
    by_kind === 'self' ? '' : `by ${[by_kind, by_name].filter(Boolean).join(' ')}`,
    [device_name, ip].filter(Boolean).join(', '),
    withAttempt && attempt_id ? `attempt ${attempt_id}` : '',
    correlation_id && correlation_id !== attempt_id ? `correlation ${correlation_id}` : '',
    detail && Object.keys(detail).length > 0 ? JSON.stringify(detail) : '',
  ];
  return printable(parts.filter(Boolean).join('  '));
}
