import type { Channel, CodeIssued, DeliveryEvent, DeliveryState } from '@latchkey/contracts';
import type { DataSource } from 'typeorm';

export interface LedgerEntry {
  messageId: string;
  message: CodeIssued;
  channel: Channel;
  provider: string;
  queuedAt: Date;
}

export type SettledState = 'accepted' | 'delivered' | 'failed' | 'expired';
type State = 'asking' | 'retrying' | SettledState;

/** Milliseconds after which a copy that found the message being asked for may take it for crashed: longer than a provider is waited for. */
export const askLeaseMs = 10_000;

/** What the page proposes in each state, live and replayed alike. */
const suggestionIn = { failed: 'other_method', unknown: 'wait', expired: 'send_again' } as const satisfies Partial<Record<DeliveryState, DeliveryEvent['suggestion']>>;

/**
 * `asking`: this run may ask the provider now; `crashed` when an earlier run did and never wrote down what came of it.
 * `settled`: nothing is left to do. `elsewhere`: another copy of the message is being asked for at this moment.
 */
export type Begun = { kind: 'asking'; crashed: boolean } | { kind: 'settled'; state: SettledState; at: Date } | { kind: 'elsewhere' };

/** One row for each message: what was asked of whom, when, and what came of it. Neither code nor full destination. */
export class Ledger {
  private readonly source: DataSource;

  constructor(source: DataSource) {
    this.source = source;
  }

  /**
   * Notes that a provider is about to be asked: one of several copies of a message wins, whatever workers they are at.
   * `asking` left behind is a crash between asking and writing down, counted as an unknown outcome in the same statement.
   * A message that the broker delivers again says so itself; of other copies only time tells.
   */
  async beginAsking(entry: LedgerEntry, redelivered: boolean, now: Date): Promise<Begun> {
    const rows = (await this.source.query(
      `WITH before AS (SELECT state, settled_at FROM deliveries WHERE message_id = $1), begun AS (
         INSERT INTO deliveries (message_id, attempt_id, login_id, method_id, channel, purpose, masked_destination, provider, queued_at, asked_at, expires_at, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'asking')
         ON CONFLICT (message_id) DO UPDATE SET
           asks = deliveries.asks + 1,
           unknowns = deliveries.unknowns + (deliveries.state = 'asking')::int,
           unknown_at = CASE WHEN deliveries.state = 'asking' THEN EXCLUDED.asked_at ELSE deliveries.unknown_at END,
           asked_at = EXCLUDED.asked_at,
           provider = EXCLUDED.provider,
           state = 'asking'
         WHERE deliveries.state = 'retrying' OR (deliveries.state = 'asking' AND ($12 OR deliveries.asked_at < $13))
         RETURNING unknown_at
       )
       SELECT before.state, before.settled_at, EXISTS (SELECT 1 FROM begun) AS begun, (SELECT unknown_at FROM begun) = $10 AS crashed
       FROM (VALUES (1)) AS one LEFT JOIN before ON true`,
      [...columnsOf(entry, now), redelivered, new Date(now.getTime() - askLeaseMs)],
    )) as { state: State | null; settled_at: Date | null; begun: boolean; crashed: boolean | null }[];
    const row = rows[0];
    if (row?.begun) return { kind: 'asking', crashed: row.crashed === true };
    if (row?.state && row.settled_at && row.state !== 'asking' && row.state !== 'retrying') return { kind: 'settled', state: row.state, at: row.settled_at };
    return { kind: 'elsewhere' };
  }

  /** Writes down what came of asking. A late answer never undoes what another run settled, except that accepted is accepted. */
  async settle(messageId: string, state: 'accepted' | 'failed' | 'retrying', details: { providerMessageId?: string; failure?: string; unknown?: boolean }, now: Date): Promise<void> {
    await this.source.query(
      `UPDATE deliveries SET state = $2, provider_message_id = coalesce($3, provider_message_id), failure = $4, unknowns = unknowns + $5,
         unknown_at = CASE WHEN $5 = 1 THEN $6::timestamptz ELSE unknown_at END, settled_at = CASE WHEN $2 = 'retrying' THEN NULL ELSE $6::timestamptz END
       WHERE message_id = $1 AND (state = 'asking' OR ($2 = 'accepted' AND state NOT IN ('accepted', 'delivered')))`,
      [messageId, state, details.providerMessageId ?? null, details.failure ?? null, details.unknown ? 1 : 0, now],
    );
  }

  /**
   * Ends a message that is not to be asked for: too late, or nobody can read it. What was settled before stays so. A row
   * found `asking` is a crash, unless `begun`: then this very run noted it and did not ask.
   */
  async close(entry: LedgerEntry, end: { state: 'expired' | 'failed'; failure?: string; begun: boolean }, now: Date): Promise<{ state: SettledState; at: Date; crashed: boolean }> {
    const rows = (await this.source.query(
      `INSERT INTO deliveries (message_id, attempt_id, login_id, method_id, channel, purpose, masked_destination, provider, queued_at, asked_at, settled_at, expires_at, state, failure, asks)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11, $12, $13, 0)
       ON CONFLICT (message_id) DO UPDATE SET
         asks = deliveries.asks - (deliveries.state = 'asking' AND $14)::int,
         unknowns = deliveries.unknowns + (deliveries.state = 'asking' AND NOT $14)::int,
         unknown_at = CASE WHEN deliveries.state = 'asking' AND NOT $14 THEN EXCLUDED.settled_at ELSE deliveries.unknown_at END,
         failure = CASE WHEN deliveries.state IN ('asking', 'retrying') THEN coalesce(EXCLUDED.failure, deliveries.failure) ELSE deliveries.failure END,
         settled_at = coalesce(deliveries.settled_at, EXCLUDED.settled_at),
         state = CASE WHEN deliveries.state IN ('asking', 'retrying') THEN EXCLUDED.state ELSE deliveries.state END
       RETURNING state, settled_at AS at, unknown_at IS NOT DISTINCT FROM $10::timestamptz AS crashed`,
      [...columnsOf(entry, now), end.state, end.failure ?? null, end.begun],
    )) as { state: SettledState; at: Date; crashed: boolean }[];
    const row = rows[0];
    if (!row) throw new Error('a message was neither added to the ledger nor found there');
    return row;
  }

  /** What happened to the messages of an attempt, oldest first. */
  async statesOf(attemptId: string): Promise<DeliveryEvent[]> {
    const rows = (await this.source.query(
      'SELECT method_id, state, queued_at, unknown_at, settled_at FROM deliveries WHERE attempt_id = $1 ORDER BY queued_at LIMIT 50',
      [attemptId],
    )) as { method_id: string; state: State; queued_at: Date; unknown_at: Date | null; settled_at: Date | null }[];
    return rows
      .flatMap(({ method_id: methodId, state, queued_at, unknown_at, settled_at }) => [
        { methodId, state: 'queued' as const, at: queued_at.toISOString() },
        ...(unknown_at ? [{ methodId, state: 'unknown' as const, at: unknown_at.toISOString(), suggestion: suggestionIn.unknown }] : []),
        ...(settled_at && state !== 'asking' && state !== 'retrying' ? [{ methodId, state, at: settled_at.toISOString(), ...suggested(state) }] : []),
      ])
      .sort((one, other) => one.at.localeCompare(other.at));
  }
}

/** The suggestion as a field, in the states that have one. */
export function suggested(state: DeliveryState): Pick<DeliveryEvent, 'suggestion'> {
  return state in suggestionIn ? { suggestion: suggestionIn[state as keyof typeof suggestionIn] } : {};
}

function columnsOf({ messageId, message, channel, provider, queuedAt }: LedgerEntry, now: Date): unknown[] {
  const { attemptId, loginId, methodId, purpose, maskedDestination, expiresAt } = message;
  return [messageId, attemptId, loginId, methodId, channel, purpose, maskedDestination, provider, queuedAt, now, expiresAt];
}
