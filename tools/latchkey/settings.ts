import { existsSync, readFileSync } from 'node:fs';
import { SetupFailure } from '../failure.ts';
import { Instance, instanceDirectory } from '../stack/instance.ts';
import { recordFile, type SystemRecord } from '../system/running-system.ts';
import { variablePrefix, type ServiceName } from '../system/services.ts';

type Environment = Record<string, string | undefined>;

/** The system of this checkout that a command works on: that of `npm start`, unless a test says otherwise. */
export const instanceName = (): string => process.env['LATCHKEY_INSTANCE'] ?? 'dev';

/**
 * The environment of a service, for a command that works on its data: its database from LATCHKEY_<SERVICE>_DATABASE_URL or,
 * when the command works on this service alone, LATCHKEY_DATABASE_URL; without those everything from the system that runs
 * from this checkout.
 */
export function environmentOf(name: ServiceName, { alone = true, given = process.env }: { alone?: boolean; given?: Environment } = {}): Record<string, string> {
  const own = `${variablePrefix(name).replace('_DELIVERY_SMS', '_DELIVERY')}_DATABASE_URL`;
  const databaseUrl = given[own] || (alone ? given['LATCHKEY_DATABASE_URL'] : undefined);
  if (databaseUrl) {
    if (!given['LATCHKEY_SEALING_KEYS']) throw new SetupFailure('LATCHKEY_SEALING_KEYS is missing; the services have it.');
    return { ...definedOnly(given), LATCHKEY_DATABASE_URL: databaseUrl };
  }
  const record = runningSystem();
  if (!record) throw new SetupFailure(`No settings: npm start does not run from this checkout, and ${alone ? `neither ${own} nor LATCHKEY_DATABASE_URL is set` : `${own} is not set`}.`);
  return { ...definedOnly(given), ...record.services[name].env };
}

function runningSystem(): SystemRecord | undefined {
  if (!existsSync(instanceDirectory(instanceName()))) return undefined;
  const file = recordFile(Instance.open(instanceName()));
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as SystemRecord) : undefined;
}

const definedOnly = (environment: Environment) => Object.fromEntries(Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined));
