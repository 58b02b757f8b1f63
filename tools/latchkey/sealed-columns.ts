import type { ServiceName } from '../system/services.ts';

/** Where a service keeps what is sealed. In a `json` column every sealed value that lies in it counts. */
export type SealedColumn = {
  table: string;
  column: string;
  json?: boolean;
  /** The primary key, with the types of its columns. */
  key: Record<string, 'uuid' | 'timestamptz' | 'bigint'>;
  /** What narrows the rows to those that can have a value, for an index of the table. */
  where?: string;
};

export type ResealedService = 'auth' | 'code-issuance' | 'delivery';

/** Every column with sealed values; a test compares this with the schemas. */
export const sealedColumns: Record<ResealedService, { process: ServiceName; schema: string; columns: SealedColumn[] }> = {
  auth: {
    process: 'auth',
    schema: 'auth',
    columns: [
      { table: 'logins', column: 'email_sealed', key: { id: 'uuid' } },
      { table: 'two_factor_methods', column: 'sealed_destination', key: { id: 'uuid' } },
      // Facts on their way to the broker; some of them are notices with a destination.
      { table: 'outbox', column: 'message', json: true, key: { position: 'bigint' } },
    ],
  },
  'code-issuance': { process: 'code-issuance', schema: 'codes', columns: [{ table: 'authenticators', column: 'sealed_secret', key: { method_id: 'uuid' } }] },
  delivery: {
    process: 'delivery-sms',
    schema: 'delivery',
    columns: [{ table: 'deliveries', column: 'kept_message', json: true, key: { message_id: 'uuid', queued_at: 'timestamptz' }, where: 'due_at IS NOT NULL' }],
  },
};

/** JSON that holds nothing sealed: the secrets of browsers are hashes. */
export const plainJson = [
  ...['auth.providers.brand', 'auth.activity.detail', 'auth.activity_default.detail', 'auth.audit.target'],
  ...['delivery.deliveries.earlier', 'device-trust.browsers.secrets', 'device-trust.outbox.message'],
];
