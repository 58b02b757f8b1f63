import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CrashPoint } from '@latchkey/platform';
import { eventually, readInbox, testSystem } from '@latchkey/testing';
import { openSystem, type ServiceName } from '@latchkey/tools';
import amqp from 'amqplib';
import pg from 'pg';

export const running = () => openSystem(testSystem().instance);

/** Orders the next process that comes by this point to die there. */
export function orderCrash(point: CrashPoint): void {
  writeFileSync(join(running().instance.directory, 'crashes', point), '');
}

/** The process that a crash point is in. */
export function serviceOf(point: CrashPoint): ServiceName {
  const service = point.split('.')[0] ?? '';
  return service === 'delivery' ? 'delivery-sms' : (service as ServiceName);
}

/** What the ledger says of a message. */
export type LedgerRow = { state: string; asks: number; unknowns: number };

/** The messages that the ledger knows of a login, by its name. */
export async function ledgerOf(loginName: string): Promise<LedgerRow[]> {
  const logins = await query<{ id: string }>('auth', 'SELECT id FROM logins WHERE login_name_key = $1', [loginName]);
  return query<LedgerRow>('delivery', 'SELECT state, asks, unknowns FROM deliveries WHERE login_id = $1', [logins[0]?.id]);
}

/** Asks the database in the role of a service. */
export async function query<R extends object>(owner: 'auth' | 'delivery' | 'devices' | 'codes', sql: string, parameters: unknown[] = []): Promise<R[]> {
  const client = new pg.Client({ connectionString: testSystem().roleUrls[owner] });
  await client.connect();
  try {
    return (await client.query<R & pg.QueryResultRow>(sql, parameters)).rows;
  } finally {
    await client.end();
  }
}

/** How many messages wait in queues; those that a consumer holds are not counted. */
export async function waitingIn(...queues: string[]): Promise<number> {
  const connection = await amqp.connect(testSystem().amqpUrl);
  try {
    const channel = await connection.createChannel();
    const counts = await Promise.all(queues.map((queue) => channel.checkQueue(queue)));
    return counts.reduce((sum, { messageCount }) => sum + messageCount, 0);
  } finally {
    await connection.close();
  }
}

/** How many texts came to a number, once their count has stood still for a second. */
export async function settledTexts(phoneNumber: string, withinMs = 20_000): Promise<number> {
  let last = -1;
  await eventually(
    async () => {
      const before = last;
      last = (await readInbox(testSystem().inboxUrl, phoneNumber)).length;
      return last === before;
    },
    { timeoutMs: withinMs, everyMs: 1_000, what: 'quiet in the inbox' },
  );
  return last;
}
