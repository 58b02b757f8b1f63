import { outboxStatements } from '@latchkey/messaging';
import { createDataSource, prepared } from '@latchkey/platform';
import type { DataSource } from 'typeorm';
import { CreateLogins1764000000000 } from '../migrations/1764000000000-create-logins.ts';
import { WholeProduct1764100000000 } from '../migrations/1764100000000-whole-product.ts';
import { Audit1764200000000 } from '../migrations/1764200000000-audit.ts';
import { ProviderLogo1764300000000 } from '../migrations/1764300000000-provider-logo.ts';

outboxStatements.forEach(prepared);

/** The schema `auth`, through its own role. */
export const authDatabase = (url: string): DataSource => createDataSource({ url, schema: 'auth', service: 'auth', migrations: [CreateLogins1764000000000, WholeProduct1764100000000, Audit1764200000000, ProviderLogo1764300000000] });
