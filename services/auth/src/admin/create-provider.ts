import { randomUUIDv7 } from 'node:crypto';
import { parseEmailAddress } from '../two-factor/parse-destination.ts';
import type { Command } from './command.ts';
import { CommandFailure } from './command-failure.ts';

const policies = ['optional', 'suggested', 'required'];

/** A service provider; its contact is shown to its customers when only it can help. */
export const createProvider: Command = {
  usage: '--name <name> [--policy optional|suggested|required] [--contact-name <name>] [--contact-phone <number>] [--contact-email <address>]',
  summary: 'Creates a service provider and prints its id.',
  options: {
    name: { type: 'string' },
    policy: { type: 'string', default: 'optional' },
    'contact-name': { type: 'string' },
    'contact-phone': { type: 'string' },
    'contact-email': { type: 'string' },
  },
  async run({ database, say }, { options }) {
    const name = options['name']?.trim();
    const policy = options['policy'] ?? '';
    const email = options['contact-email'];
    if (!name) throw new CommandFailure('--name is missing.', 2);
    if (!policies.includes(policy)) throw new CommandFailure(`--policy must be ${policies.join(', ')}.`, 2);
    if (email !== undefined && !isEmailAddress(email)) throw new CommandFailure('--contact-email is not an email address.', 2);
    const id = randomUUIDv7();
    await database.query('INSERT INTO providers (id, name, policy, contact_name, contact_phone, contact_email) VALUES ($1, $2, $3, $4, $5, $6)', [
      id,
      name,
      policy,
      options['contact-name'] ?? null,
      options['contact-phone'] ?? null,
      email ?? null,
    ]);
    say(id);
  },
};

function isEmailAddress(text: string): boolean {
  try {
    return parseEmailAddress(text).normalized !== '';
  } catch {
    return false;
  }
}
