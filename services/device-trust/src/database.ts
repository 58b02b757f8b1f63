import { outboxStatements } from '@latchkey/messaging';
import { createDataSource, prepared } from '@latchkey/platform';
import type { DataSource } from 'typeorm';
import { Devices1764000000000 } from './migrations/1764000000000-devices.ts';
import { Outbox1765000000000 } from './migrations/1765000000000-outbox.ts';
import { TrustEpochs1766000000000 } from './migrations/1766000000000-trust-epochs.ts';

outboxStatements.forEach(prepared);

/** The schema `devices`, through its own role. */
export const devicesDatabase = (url: string): DataSource =>
  createDataSource({ url, schema: 'devices', migrations: [Devices1764000000000, Outbox1765000000000, TrustEpochs1766000000000], service: 'device-trust' });
