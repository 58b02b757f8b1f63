import type { DatabaseOwner } from '../stack/databases.ts';

export type ServiceName = 'inbox' | 'auth' | 'code-issuance' | 'device-trust' | 'delivery-sms' | 'delivery-email' | 'gateway';

export type ServiceFacts = {
  /** The folder under services/. */
  folder: string;
  /** Where /health and /metrics are. */
  internalPort: number;
  database?: DatabaseOwner;
  environment?: Record<string, string>;
};

/** Every process of the system. */
export const services: Record<ServiceName, ServiceFacts> = {
  inbox: { folder: 'inbox', internalPort: 8186 },
  auth: { folder: 'auth', internalPort: 8181, database: 'auth' },
  'code-issuance': { folder: 'code-issuance', internalPort: 8182, database: 'codes' },
  'device-trust': { folder: 'device-trust', internalPort: 8183, database: 'devices' },
  'delivery-sms': { folder: 'delivery', internalPort: 8184, database: 'delivery', environment: { DELIVERY_CHANNELS: 'sms' } },
  'delivery-email': { folder: 'delivery', internalPort: 8185, database: 'delivery', environment: { DELIVERY_CHANNELS: 'email' } },
  gateway: { folder: 'gateway', internalPort: 8180 },
};

export const serviceNames = Object.keys(services) as ServiceName[];

export function forEachService<T>(make: (name: ServiceName) => T): Record<ServiceName, T> {
  return Object.fromEntries(serviceNames.map((name) => [name, make(name)])) as Record<ServiceName, T>;
}

/** Those whose `main.js migrate` brings a database schema up to date: one for each owner of tables. */
export const migratedServices: readonly ServiceName[] = ['auth', 'code-issuance', 'delivery-sms', 'device-trust'];

/** Who is asked to end first: nothing new comes in, then what is under way is finished, then what it was sent to goes. */
export const stopOrder: readonly (readonly ServiceName[])[] = [
  ['gateway'],
  ['auth', 'code-issuance', 'device-trust', 'delivery-sms', 'delivery-email'],
  ['inbox'],
];

export function mainFile(name: ServiceName): string {
  return `services/${services[name].folder}/dist/main.js`;
}

/** Settings of one process have its name in their variable: LATCHKEY_CODE_ISSUANCE_INTERNAL_PORT. */
export function variablePrefix(name: ServiceName): string {
  return `LATCHKEY_${name.replaceAll('-', '_').toUpperCase()}`;
}
