import type { RequestPayload, RequestReply } from '@latchkey/contracts';
import type { DataSource } from 'typeorm';
import type { EarlierAsk } from '../deliver/ledger.ts';

type Deliveries = RequestReply<'delivery.search'>;
type Delivery = Deliveries['deliveries'][number];
type Row = Omit<Delivery, 'earlier' | 'costMicros' | 'queuedAt' | 'askedAt' | 'acceptedAt' | 'settledAt' | 'expiresAt'> & {
  earlier: EarlierAsk[] | null;
  costMicros: string | null;
  queuedAt: Date;
  askedAt: Date;
  acceptedAt: Date | null;
  settledAt: Date | null;
  expiresAt: Date;
};

const pageSize = 50;

/** The ledger for operators, newest first. What was queued in the same millisecond is on the same page. */
export async function searchLedger(source: DataSource, { state, provider, channel, loginId, before }: RequestPayload<'delivery.search'>): Promise<Deliveries> {
  const rows = await source.query<Row[]>(
    `SELECT message_id AS "messageId", attempt_id AS "attemptId", login_id AS "loginId", channel, purpose, masked_destination AS "maskedDestination", country, segments, state, provider,
       asks, unknowns, cost_micros AS "costMicros", failure, earlier, date_trunc('milliseconds', queued_at) AS "queuedAt", asked_at AS "askedAt", accepted_at AS "acceptedAt", settled_at AS "settledAt", expires_at AS "expiresAt"
     FROM deliveries
     WHERE ($1::text IS NULL OR state = $1) AND ($2::text IS NULL OR provider = $2) AND ($3::text IS NULL OR channel = $3) AND ($4::uuid IS NULL OR login_id = $4) AND ($5::timestamptz IS NULL OR queued_at < $5)
     ORDER BY date_trunc('milliseconds', queued_at) DESC FETCH FIRST ${pageSize} ROWS WITH TIES`,
    [state, provider, channel, loginId, before],
  );
  const deliveries = rows.map(present);
  return { deliveries, before: rows.length >= pageSize ? (deliveries.at(-1)?.queuedAt ?? null) : null };
}

const present = ({ earlier, costMicros, ...row }: Row): Delivery => ({
  ...row,
  costMicros: costMicros === null ? null : Number(costMicros),
  earlier: (earlier ?? []).map(({ provider, outcome, reason, at }) => ({ provider, outcome, reason, at })),
  queuedAt: row.queuedAt.toISOString(),
  askedAt: row.askedAt.toISOString(),
  acceptedAt: row.acceptedAt?.toISOString() ?? null,
  settledAt: row.settledAt?.toISOString() ?? null,
  expiresAt: row.expiresAt.toISOString(),
});
