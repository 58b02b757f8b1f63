import { SetupFailure } from '../failure.ts';
import type { DatabaseOwner } from '../stack/databases.ts';
import type { PartName, PortName } from '../stack/instance.ts';
import type { StackChoices } from '../stack/stack.ts';
import { forEachService, serviceNames, services, variablePrefix, type ServiceName } from './services.ts';

/** A port, and the variable that sets it; `asked` when somebody did set it. */
export type PortSetting = { port: number; variable: string; asked: boolean };

export type SystemSettings = {
  http: PortSetting;
  inbox: PortSetting;
  internal: Record<ServiceName, PortSetting>;
  publicUrl: string;
  limits: 'development' | 'production';
  delivery: 'inbox' | 'aws';
  stack: StackChoices;
  databaseUrls: Partial<Record<DatabaseOwner, string>>;
};

type Environment = Record<string, string | undefined>;

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

/** Reads what `npm start` lets its environment decide; fails with everything that is wrong in it, at once. */
export function readSettings(environment: Environment): SystemSettings {
  const problems: string[] = [];
  const ports: PortSetting[] = [];
  const value = (variable: string) => environment[variable]?.trim() || undefined;

  const port = (variable: string, byDefault: number): PortSetting => {
    const text = value(variable);
    const number = text === undefined ? byDefault : Number(text);
    if (!Number.isInteger(number) || number < 1 || number > 65_535) problems.push(`${variable} is "${text}": a port is a whole number from 1 to 65535.`);
    const setting = { port: number, variable, asked: text !== undefined };
    ports.push(setting);
    return setting;
  };
  const urls = (variable: string, protocols: string[], split: (text: string) => string[]): string | undefined => {
    const text = value(variable);
    if (text === undefined) return undefined;
    const isRight = (one: string) => URL.canParse(one) && protocols.includes(new URL(one).protocol.slice(0, -1)) && new URL(one).hostname !== '';
    if (!split(text).every(isRight)) problems.push(`${variable} is not a URL that starts with ${protocols.map((protocol) => `${protocol}://`).join(' or ')} and names a host.`);
    return text;
  };
  const url = (variable: string, protocols: string[]) => urls(variable, protocols, (text) => [text]);
  /** Of a cluster all of its nodes. */
  const nodes = (variable: string, protocols: string[]) => urls(variable, protocols, (text) => text.split(',').map((one) => one.trim()));
  const oneOf = <T extends string>(variable: string, allowed: readonly T[], byDefault: T): T => {
    const text = value(variable) ?? byDefault;
    const found = allowed.find((word) => word === text);
    if (found === undefined) problems.push(`${variable} is "${text}": it must be ${allowed.join(' or ')}.`);
    return found ?? byDefault;
  };

  const http = port('LATCHKEY_HTTP_PORT', 8080);
  const inbox = port('LATCHKEY_INBOX_PORT', 8025);
  const internal = forEachService((name) => port(`${variablePrefix(name)}_INTERNAL_PORT`, services[name].internalPort));

  const stackPorts: NonNullable<StackChoices['ports']> = {};
  const stackVariables: [PortName, string][] = [['rabbitmq', 'LATCHKEY_AMQP_PORT'], ['redis', 'LATCHKEY_REDIS_PORT'], ['postgres', 'LATCHKEY_POSTGRES_PORT']];
  for (const [name, variable] of stackVariables) if (value(variable) !== undefined) stackPorts[name] = port(variable, 0);

  const given: Partial<Record<PartName, string>> = {};
  const amqp = nodes('LATCHKEY_AMQP_URL', ['amqp', 'amqps']);
  const redis = nodes('LATCHKEY_REDIS_URL', ['redis', 'rediss', 'redis+cluster', 'rediss+cluster']);
  const postgres = url('LATCHKEY_POSTGRES_URL', ['postgres', 'postgresql']);
  if (amqp) given.rabbitmq = amqp;
  if (redis) given.redis = redis;
  if (postgres) given.postgres = postgres;

  const databaseUrls: SystemSettings['databaseUrls'] = {};
  for (const name of serviceNames) {
    const owner = services[name].database;
    const own = owner && url(`${variablePrefix(name)}_DATABASE_URL`, ['postgres', 'postgresql']);
    if (owner && own) databaseUrls[owner] = own;
  }

  const publicUrl = url('LATCHKEY_PUBLIC_URL', ['http', 'https']) ?? `http://localhost:${http.port}`;
  const limits = oneOf('LATCHKEY_LIMITS', ['development', 'production'] as const, 'development');
  const delivery = oneOf('LATCHKEY_DELIVERY', ['inbox', 'aws'] as const, 'inbox');
  oneOf('LATCHKEY_LOG_LEVEL', logLevels, 'info');
  url('AWS_ENDPOINT_URL_SNS', ['http', 'https']);
  url('AWS_ENDPOINT_URL_SES', ['http', 'https']);
  problems.push(...sealingKeyProblems(value('LATCHKEY_SEALING_KEYS')), ...samePortProblems(ports));

  if (problems.length > 0) throw new SetupFailure(['These settings are wrong:', ...problems.map((problem) => `  ${problem}`)].join('\n'));
  return { http, inbox, internal, publicUrl, limits, delivery, stack: { urls: given, ports: stackPorts }, databaseUrls };
}

function sealingKeyProblems(text: string | undefined): string[] {
  if (text === undefined) return [];
  const wellFormed = text.split(',').every((entry) => /^[\w-]+:[A-Za-z0-9+/]{43}=$/.test(entry));
  return wellFormed ? [] : ['LATCHKEY_SEALING_KEYS must be <name>:<32 random bytes in base64>, or several of them with commas between.'];
}

function samePortProblems(ports: PortSetting[]): string[] {
  return ports.flatMap((one, index) =>
    ports
      .slice(index + 1)
      // Two defaults never collide; a default that gets in the way of an asked-for internal port is another matter.
      .filter((other) => other.port === one.port && (one.asked || other.asked))
      .map((other) => `${one.variable} and ${other.variable} are both ${one.port}.`),
  );
}
