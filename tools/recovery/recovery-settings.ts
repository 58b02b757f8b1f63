import { existsSync, readFileSync } from 'node:fs';
import { SetupFailure } from '../failure.ts';
import { environmentOf, instanceName } from '../latchkey/settings.ts';
import { Instance, instanceDirectory } from '../stack/instance.ts';
import { rabbitmqManagementUrl } from '../stack/rabbitmq.ts';
import { openStack, type Stack } from '../stack/stack.ts';
import type { BackupSource } from './backup.ts';
import type { BrokerAccess } from './broker-definitions.ts';

type Environment = Record<string, string | undefined>;

/** What to back up: the servers that the environment names, else those of the system of this checkout. */
export function backupSource(given: Environment = process.env): BackupSource {
  const postgresUrl = given['LATCHKEY_POSTGRES_URL'];
  if (postgresUrl) {
    if (!given['LATCHKEY_SEALING_KEYS']) throw new SetupFailure('LATCHKEY_SEALING_KEYS is missing; the services have it.');
    return { postgresUrl, broker: namedBroker(given), sealingKeys: given['LATCHKEY_SEALING_KEYS'] };
  }
  if (!existsSync(instanceDirectory(instanceName()))) throw new SetupFailure('LATCHKEY_POSTGRES_URL is not set, and npm start never ran from this checkout.');
  const instance = Instance.open(instanceName());
  const stack = openStack(instance);
  return { postgresUrl: stack.postgres.url, broker: brokerOf(instance, stack, given), sealingKeys: environmentOf('auth', { alone: false })['LATCHKEY_SEALING_KEYS'] ?? '' };
}

/** The broker's management, where somebody told us of it or it is our own. */
export function brokerOf(instance: Instance, stack: Stack, given: Environment): BrokerAccess | undefined {
  if (instance.state.sources.rabbitmq === 'environment') return namedBroker({ LATCHKEY_AMQP_URL: stack.rabbitmq.url, ...given });
  return { managementUrl: rabbitmqManagementUrl(instance), vhost: vhostOf(stack.rabbitmq.url) };
}

export function namedBroker(given: Environment): BrokerAccess | undefined {
  const managementUrl = given['LATCHKEY_AMQP_MANAGEMENT_URL'];
  if (!managementUrl) return undefined;
  if (!URL.canParse(managementUrl)) throw new SetupFailure('LATCHKEY_AMQP_MANAGEMENT_URL is not a URL.');
  return { managementUrl, vhost: vhostOf(given['LATCHKEY_AMQP_URL']?.split(',')[0] ?? '') };
}

const vhostOf = (amqpUrl: string) => (URL.canParse(amqpUrl) && decodeURIComponent(new URL(amqpUrl).pathname.slice(1))) || 'latchkey';

/** The keys from a file, which `backup --keys-to` writes; without one from the environment. */
export function givenKeys(file: string | undefined, given: Environment = process.env): string | undefined {
  if (file === undefined) return given['LATCHKEY_SEALING_KEYS'] || undefined;
  if (!existsSync(file)) throw new SetupFailure(`${file} does not exist.`);
  const text = readFileSync(file, 'utf8').trim();
  if (!text.split(',').every((entry) => /^[\w-]+:[A-Za-z0-9+/]{43}=$/.test(entry))) throw new SetupFailure(`${file} does not hold sealing keys: <name>:<32 random bytes in base64>, several with commas between.`);
  return text;
}
