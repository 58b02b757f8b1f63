import { randomUUIDv7 } from 'node:crypto';
import { Refusal } from '@latchkey/contracts';
import { acceptLoginName, loginNameKey } from '../logins/login-name.ts';
import { refuseWeakPassword } from '../passwords/password-rules.ts';
import { hashPassword } from '../passwords/passwords.ts';
import { type Destination, parseEmailAddress } from '../two-factor/parse-destination.ts';
import { chooseProvider } from './choose-provider.ts';
import type { Command, CommandArguments, CommandParts } from './command.ts';
import { CommandFailure } from './command-failure.ts';
import { readPassword } from './read-password.ts';

const options = { login: { type: 'string' }, email: { type: 'string' }, provider: { type: 'string' } } as const;

/** Who looks after a provider's customers. */
export const createStaff: Command = {
  usage: '--login <name> [--provider <id>] [--email <address>]',
  summary: "Creates a login of a provider's staff; the password is asked for, or read from the standard input.",
  options,
  run: (parts, given) => createLogin(parts, given, 'provider_staff'),
};

/** Who runs the platform. */
export const createOperator: Command = {
  usage: '--login <name> [--provider <id>] [--email <address>]',
  summary: 'Creates a login of an operator; the password is asked for, or read from the standard input.',
  options,
  run: (parts, given) => createLogin(parts, given, 'operator'),
};

async function createLogin({ database, sealing, say }: CommandParts, given: CommandArguments, role: 'provider_staff' | 'operator'): Promise<void> {
  const typed = given.options['login'];
  if (typed === undefined) throw new CommandFailure('--login is missing.', 2);
  const loginName = acceptLoginName(typed, '--login');
  const email = given.options['email'] === undefined ? null : emailOf(given.options['email']);
  const provider = await chooseProvider(database, given.options['provider']);
  // Asked before the password is: nobody should choose one for nothing.
  await refuseTaken(database, loginName);
  const password = await readPassword(loginName);
  refuseWeakPassword(password, { loginName, emailAddress: email?.normalized }, 'The password');
  const added = await database.query<unknown[]>(
    `INSERT INTO logins (id, provider_id, login_name, login_name_key, role, password_hash, email_sealed, email_masked)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (login_name_key) DO NOTHING RETURNING id`,
    [
      randomUUIDv7(),
      provider.id,
      loginName,
      loginNameKey(loginName),
      role,
      await hashPassword(password),
      email && (await sealing.seal('destination', email.normalized)),
      email?.hint ?? null,
    ],
  );
  if (added.length === 0) await refuseTaken(database, loginName);
  say(`${loginName} can log in, as ${role === 'operator' ? 'an operator' : `staff of ${provider.name}`}. Two-factor is off until it is set up.`);
}

async function refuseTaken(database: CommandParts['database'], loginName: string): Promise<void> {
  const [taken] = await database.query<{ login_name: string }[]>('SELECT login_name FROM logins WHERE login_name_key = $1', [loginNameKey(loginName)]);
  if (!taken) return;
  throw new CommandFailure(taken.login_name === loginName ? `${loginName} is taken.` : `${loginName} looks the same as ${taken.login_name}, which is taken.`);
}

function emailOf(typed: string): Destination {
  try {
    return parseEmailAddress(typed);
  } catch (error) {
    if (error instanceof Refusal) throw new CommandFailure('--email is not an email address.', 2);
    throw error;
  }
}
