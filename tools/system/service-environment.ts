import { roleUrl } from '../stack/databases.ts';
import type { Instance } from '../stack/instance.ts';
import { rabbitmqManagementUrl } from '../stack/rabbitmq.ts';
import type { Stack } from '../stack/stack.ts';
import { services, type ServiceName } from './services.ts';
import type { SystemSettings } from './settings.ts';

type Environment = Record<string, string>;

/** Everything a service is told, except what it inherits (PATH, certificates, time zone). The user's own values win. */
export function serviceEnvironment(name: ServiceName, instance: Instance, stack: Stack, settings: SystemSettings, given: Environment): Environment {
  const { database, environment } = services[name];
  return {
    LATCHKEY_LOG_LEVEL: 'info',
    LATCHKEY_SEALING_KEYS: instance.state.secrets.sealingKey,
    ...Object.fromEntries(Object.entries(given).filter(([variable]) => isForServices(variable))),
    LATCHKEY_AMQP_URL: stack.rabbitmq.url,
    // Auth alone answers operators.
    ...(name === 'auth' && managementOf(instance)),
    LATCHKEY_REDIS_URL: stack.redis.url,
    LATCHKEY_HTTP_PORT: String(settings.http.port),
    LATCHKEY_INBOX_PORT: String(settings.inbox.port),
    LATCHKEY_PUBLIC_URL: settings.publicUrl,
    LATCHKEY_LIMITS: settings.limits,
    LATCHKEY_INTERNAL_PORT: String(settings.internal[name].port),
    ...(database && { LATCHKEY_DATABASE_URL: settings.databaseUrls[database] ?? roleUrl(instance, stack.postgres.url, database) }),
    ...(settings.delivery === 'aws' ? awsVariables(given) : inboxAsAws(instance, settings, given)),
    ...environment,
  };
}

/** Of the private broker; of another one only its user knows it. */
function managementOf(instance: Instance): Environment {
  return instance.state.sources.rabbitmq === 'private' ? { LATCHKEY_AMQP_MANAGEMENT_URL: rabbitmqManagementUrl(instance) } : {};
}

/** An administrator's URL is for setting up, and what names one service is not for the others. */
function isForServices(variable: string): boolean {
  return /^(LATCHKEY|DELIVERY)_/.test(variable) && !/^LATCHKEY_(POSTGRES_URL|.+_DATABASE_URL|.+_INTERNAL_PORT)$/.test(variable);
}

function awsVariables(given: Environment): Environment {
  return Object.fromEntries(Object.entries(given).filter(([variable]) => variable.startsWith('AWS_')));
}

/**
 * The inbox stands in for AWS, with credentials of its own making: a key that lies in the user's environment for other
 * work must not be sent to it. An endpoint that the user names is used as it is, with the user's variables.
 */
function inboxAsAws(instance: Instance, settings: SystemSettings, given: Environment): Environment {
  const inboxUrl = `http://127.0.0.1:${settings.inbox.port}`;
  const defaults = {
    AWS_REGION: given['AWS_REGION'] ?? 'us-east-1',
    AWS_ENDPOINT_URL_SNS: inboxUrl,
    AWS_ENDPOINT_URL_SES: inboxUrl,
    AWS_ACCESS_KEY_ID: 'latchkey-dev',
    AWS_SECRET_ACCESS_KEY: instance.state.secrets.awsSecretKey,
  };
  const userNamesEndpoint = given['AWS_ENDPOINT_URL_SNS'] !== undefined || given['AWS_ENDPOINT_URL_SES'] !== undefined;
  return userNamesEndpoint ? { ...defaults, ...awsVariables(given) } : defaults;
}
