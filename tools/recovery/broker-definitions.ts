import { SetupFailure } from '../failure.ts';

/** The management API of a broker with credentials, and the vhost that is Latchkey's. */
export type BrokerAccess = { managementUrl: string; vhost: string };

type Named = { name: string; durable?: boolean; auto_delete?: boolean; arguments?: Record<string, unknown> };
type Binding = { source: string; destination: string; destination_type: string };
export type VhostDefinitions = { queues?: Named[]; exchanges?: Named[]; bindings?: Binding[]; policies?: unknown[]; parameters?: unknown[] };

/** What lasts of a vhost: without queues that end with their users. Users and passwords are no part of a vhost. */
export async function readDefinitions(broker: BrokerAccess): Promise<VhostDefinitions> {
  const { queues = [], exchanges = [], bindings = [], policies = [], parameters = [] } = (await call(broker, 'GET')) as VhostDefinitions;
  const lasting = queues.filter(({ durable, auto_delete, arguments: args = {} }) => durable && !auto_delete && args['x-expires'] === undefined);
  const kept = new Set(lasting.map(({ name }) => name));
  return { exchanges, queues: lasting, bindings: bindings.filter(({ destination, destination_type }) => destination_type !== 'queue' || kept.has(destination)), policies, parameters };
}

/** Adds what is not there; what is there already has to be the same. */
export async function importDefinitions(broker: BrokerAccess, definitions: VhostDefinitions): Promise<void> {
  await call(broker, 'POST', definitions);
}

async function call({ managementUrl, vhost }: BrokerAccess, method: 'GET' | 'POST', body?: object): Promise<unknown> {
  const { username, password, origin } = new URL(managementUrl);
  const authorization = `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`;
  const path = `/api/definitions/${encodeURIComponent(vhost)}`;
  const request = { method, headers: { authorization, 'content-type': 'application/json' }, ...(body && { body: JSON.stringify(body) }), signal: AbortSignal.timeout(30_000) };
  const response = await fetch(`${origin}${path}`, request).catch((error: Error) => {
    throw new SetupFailure(`The management API of the broker does not answer at ${origin}: ${(error.cause as Error | undefined)?.message ?? error.message}`);
  });
  const text = await response.text();
  if (!response.ok) throw new SetupFailure(`The broker answers ${response.status} to ${method} ${path}: ${text.slice(0, 300)}`);
  return text ? (JSON.parse(text) as unknown) : undefined;
}
