import type { DeliveryEvent, DeliveryState } from '@latchkey/contracts';
import { prepared } from '@latchkey/platform';
import type { DataSource } from 'typeorm';
import type { Acceptance } from './acceptance.ts';
import type { LedgerEntry } from './ledger-entry.ts';
import { queuedBetween } from './message-time.ts';

export type SettledState = 'accepted' | 'delivered' | 'failed' | 'expired';
export type State = 'asking' | 'retrying' | SettledState;

/** What came of asking a provider before the one in the row: surely not sent, nobody knows, or accepted and then not delivered. */
export interface EarlierAsk {
  provider: string;
  outcome: 'transient' | 'unknown' | 'failed' | 'no_receipt';
  reason: string;
  at: string;
  /** What a late receipt of it finds the row by. */
  receiptKey?: string;
}

/** Milliseconds after which a copy that found the message being asked for may take it for crashed: longer than a provider is waited for. */
export const askLeaseMs = 10_000;

/** What the page proposes in each state, live and replayed alike. */
const suggestionIn = { failed: 'other_method', unknown: 'wait', expired: 'send_again' } as const satisfies Partial<Record<DeliveryState, DeliveryEvent['suggestion']>>;
/** What it proposes when a message takes long. */
export const slowSuggestion = 'other_method' satisfies DeliveryEvent['suggestion'];

/**
 * `asking`: this run may ask the provider now; `crashed` when an earlier run did and never wrote down what came of it.
 * `settled`: nothing is left to do. `elsewhere`: another copy of the message is being asked for at this moment.
 */
export type Begun = { kind: 'asking'; crashed: boolean } | { kind: 'settled'; state: SettledState; at: Date } | { kind: 'elsewhere' };

const crashedAsk = `jsonb_build_object('provider', deliveries.provider, 'outcome', 'unknown', 'reason', 'crashed', 'at', EXCLUDED.asked_at)`;

// What is asked for each message is an upsert by the row's key: it finds its day as it runs, so that a connection plans it once. What
// reads or updates the days is planned anew each time, although it is prepared: 280 µs of the 400 µs that it took (94 days).
const beginAskingSql = prepared(`INSERT INTO deliveries (message_id, queued_at, attempt_id, login_id, method_id, channel, purpose, masked_destination, country, segments, expires_at, asked_at, provider, state)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'asking')
  ON CONFLICT (message_id, queued_at) DO UPDATE SET
    asks = deliveries.asks + 1,
    unknowns = deliveries.unknowns + (deliveries.state = 'asking')::int,
    unknown_at = CASE WHEN deliveries.state = 'asking' THEN EXCLUDED.asked_at ELSE deliveries.unknown_at END,
    earlier = CASE WHEN deliveries.state = 'asking' THEN coalesce(deliveries.earlier, '[]') || ${crashedAsk} ELSE deliveries.earlier END,
    asked_at = EXCLUDED.asked_at,
    provider = EXCLUDED.provider,
    due_at = NULL,
    kept_message = NULL,
    state = 'asking'
  WHERE deliveries.state = 'retrying' OR (deliveries.state = 'asking' AND ($14 OR deliveries.asked_at < $15))
  RETURNING unknown_at IS NOT DISTINCT FROM asked_at AS crashed`);

const acceptSql = prepared(`INSERT INTO deliveries AS was (message_id, queued_at, attempt_id, login_id, method_id, channel, purpose, masked_destination, country, segments, expires_at, asked_at,
    provider, state, provider_message_id, accepted_at, cost_micros, receipt_key, due_at, kept_message)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'accepted', $14, $12, $15, $16, $17, $18)
  ON CONFLICT (message_id, queued_at) DO UPDATE SET
    cost_micros = coalesce(was.cost_micros + EXCLUDED.cost_micros, EXCLUDED.cost_micros, was.cost_micros),
    (state, provider, provider_message_id, accepted_at, settled_at, failure, receipt_key, due_at, kept_message) = (
      SELECT was.state, was.provider, was.provider_message_id, was.accepted_at, was.settled_at, was.failure, was.receipt_key, was.due_at, was.kept_message WHERE was.state IN ('accepted', 'delivered')
      UNION ALL SELECT 'accepted', EXCLUDED.provider, EXCLUDED.provider_message_id, EXCLUDED.accepted_at, NULL, NULL, EXCLUDED.receipt_key,
        CASE WHEN was.used_at IS NULL THEN EXCLUDED.due_at END, CASE WHEN was.used_at IS NULL THEN EXCLUDED.kept_message END
      WHERE was.state NOT IN ('accepted', 'delivered'))
  RETURNING state, suggested_at`);

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
  async beginAsking(entry: LedgerEntry, provider: string, redelivered: boolean, now: Date): Promise<Begun> {
    const [begun] = (await this.source.query(beginAskingSql, [...columnsOf(entry, now), provider, redelivered, new Date(now.getTime() - askLeaseMs)])) as { crashed: boolean }[];
    if (begun) return { kind: 'asking', crashed: begun.crashed };
    const { messageId, queuedAt } = entry;
    const [row] = (await this.source.query('SELECT state, coalesce(settled_at, accepted_at) AS at FROM deliveries WHERE message_id = $1 AND queued_at = $2', [messageId, queuedAt])) as { state: State; at: Date | null }[];
    if (row?.at && row.state !== 'asking' && row.state !== 'retrying') return { kind: 'settled', state: row.state, at: row.at };
    return { kind: 'elsewhere' };
  }

  /** Who may have had the message already, without success. */
  async triedProviders({ messageId, queuedAt }: LedgerEntry): Promise<Set<string>> {
    const rows = (await this.source.query('SELECT state, provider, earlier FROM deliveries WHERE message_id = $1 AND queued_at = $2', [messageId, queuedAt])) as { state: State; provider: string; earlier: EarlierAsk[] | null }[];
    return new Set(rows.flatMap(({ state, provider, earlier }) => [...mayHaveHad(earlier), ...(state === 'asking' ? [provider] : [])]));
  }

  /**
   * Notes that the provider asked at `begunAt` surely did not send, and that another one is about to be asked. False
   * when this run took so long that another one took over.
   */
  async moveOn({ messageId, queuedAt }: LedgerEntry, begunAt: Date, next: string, failed: EarlierAsk, now: Date): Promise<boolean> {
    const [, moved] = (await this.source.query(
      `UPDATE deliveries SET provider = $4, asks = asks + 1, asked_at = $5, failure = $6, earlier = coalesce(earlier, '[]') || $7::jsonb
       WHERE message_id = $1 AND queued_at = $2 AND state = 'asking' AND asked_at = $3`,
      [messageId, queuedAt, begunAt, next, now, failed.reason, JSON.stringify(failed)],
    )) as [unknown, number];
    return moved > 0;
  }

  /**
   * Writes down that the provider took the message, also where its row is gone. A late answer never undoes what another
   * run or a receipt settled, except that accepted is accepted; what it costs counts each time. Returns how the message
   * stands now, and whether the page was told that it takes long.
   */
  async accept(entry: LedgerEntry, accepted: Acceptance, now: Date): Promise<{ state: State; slow: boolean }> {
    const keptMessage = accepted.keptMessage ? JSON.stringify(accepted.keptMessage) : null;
    const rows = (await this.source.query(
      acceptSql,
      [...columnsOf(entry, now), accepted.provider, accepted.providerMessageId, accepted.costMicros, accepted.receiptKey, accepted.dueAt, keptMessage],
    )) as { state: State; suggested_at: Date | null }[];
    return { state: rows[0]?.state ?? 'accepted', slow: Boolean(rows[0]?.suggested_at) };
  }

  /**
   * Writes down that the message can't be sent to this recipient, or is tried again later (`unknown`: it may have been
   * sent). When its code was entered meanwhile, nothing is tried again.
   */
  async putDown({ messageId, queuedAt }: LedgerEntry, state: 'failed' | 'retrying', ask: { reason: string; earlier?: EarlierAsk; unknown?: boolean; dueAt?: Date | null }, now: Date): Promise<void> {
    await this.source.query(
      `UPDATE deliveries SET failure = $4, earlier = CASE WHEN $5::jsonb IS NULL THEN earlier ELSE coalesce(earlier, '[]') || $5::jsonb END,
         unknowns = unknowns + $6, unknown_at = CASE WHEN $6 = 1 THEN $7::timestamptz ELSE unknown_at END,
         state = CASE WHEN $3 = 'retrying' AND used_at IS NOT NULL THEN 'expired' ELSE $3 END, settled_at = CASE WHEN $3 = 'failed' OR used_at IS NOT NULL THEN $7::timestamptz END,
         due_at = CASE WHEN used_at IS NULL THEN $8::timestamptz END
       WHERE message_id = $1 AND queued_at = $2 AND state = 'asking'`,
      [messageId, queuedAt, state, ask.reason, ask.earlier ? JSON.stringify(ask.earlier) : null, ask.unknown ? 1 : 0, now, ask.dueAt ?? null],
    );
  }

  /**
   * Notes that the page is told that the message still waits for a provider; it may never have been asked for. Returns
   * what the page last heard, or undefined when it was told before or the message does not wait.
   */
  async noteWaiting(entry: LedgerEntry, provider: string, now: Date): Promise<Heard | undefined> {
    const rows = (await this.source.query(
      `INSERT INTO deliveries (message_id, queued_at, attempt_id, login_id, method_id, channel, purpose, masked_destination, country, segments, expires_at, asked_at, suggested_at, provider, state, asks)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13, 'retrying', 0)
       ON CONFLICT (message_id, queued_at) DO UPDATE SET suggested_at = EXCLUDED.suggested_at WHERE deliveries.state = 'retrying' AND deliveries.suggested_at IS NULL
       RETURNING accepted_at AS "acceptedAt", unknown_at AS "unknownAt"`,
      [...columnsOf(entry, now), provider],
    )) as { acceptedAt: Date | null; unknownAt: Date | null }[];
    return rows[0] && lastHeard(rows[0], now);
  }

  /**
   * Ends a message that is not to be asked for: too late, or nobody can read it. What was settled before stays so. A row
   * found `asking` is a crash, unless `begun`: then this very run noted it and did not ask.
   */
  async close(entry: LedgerEntry, end: { provider: string; state: 'expired' | 'failed'; failure?: string; begun: boolean }, now: Date): Promise<{ state: SettledState; at: Date; crashed: boolean }> {
    const rows = (await this.source.query(
      `INSERT INTO deliveries (message_id, queued_at, attempt_id, login_id, method_id, channel, purpose, masked_destination, country, segments, expires_at, asked_at, settled_at, provider, state, failure, asks)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13, $14, $15, 0)
       ON CONFLICT (message_id, queued_at) DO UPDATE SET
         asks = deliveries.asks - (deliveries.state = 'asking' AND $16)::int,
         unknowns = deliveries.unknowns + (deliveries.state = 'asking' AND NOT $16)::int,
         unknown_at = CASE WHEN deliveries.state = 'asking' AND NOT $16 THEN EXCLUDED.settled_at ELSE deliveries.unknown_at END,
         failure = CASE WHEN deliveries.state IN ('asking', 'retrying') THEN coalesce(EXCLUDED.failure, deliveries.failure) ELSE deliveries.failure END,
         settled_at = coalesce(deliveries.settled_at, CASE WHEN deliveries.state <> 'accepted' THEN EXCLUDED.settled_at END),
         due_at = CASE WHEN deliveries.state IN ('asking', 'retrying') THEN NULL ELSE deliveries.due_at END,
         kept_message = CASE WHEN deliveries.state IN ('asking', 'retrying') THEN NULL ELSE deliveries.kept_message END,
         state = CASE WHEN deliveries.state IN ('asking', 'retrying') THEN EXCLUDED.state ELSE deliveries.state END
       RETURNING state, coalesce(settled_at, accepted_at) AS at, unknown_at IS NOT DISTINCT FROM $12::timestamptz AS crashed`,
      [...columnsOf(entry, now), end.provider, end.state, end.failure ?? null, end.begun],
    )) as { state: SettledState; at: Date; crashed: boolean }[];
    const row = rows[0];
    if (!row) throw new Error('a message was neither added to the ledger nor found there');
    return row;
  }

  /** What happened to the messages of an attempt, oldest first. */
  async statesOf(attemptId: string): Promise<DeliveryEvent[]> {
    const rows = (await this.source.query(
      `SELECT method_id, state, queued_at, unknown_at, accepted_at, suggested_at, settled_at FROM deliveries
       WHERE attempt_id = $1 AND queued_at BETWEEN $2 AND $3 ORDER BY queued_at LIMIT 50`,
      [attemptId, ...queuedBetween([attemptId])],
    )) as { method_id: string; state: State; queued_at: Date; unknown_at: Date | null; accepted_at: Date | null; suggested_at: Date | null; settled_at: Date | null }[];
    return rows
      .flatMap(({ method_id: methodId, state, ...times }) => {
        const event = (name: DeliveryState, at: Date | null, suggestion?: DeliveryEvent['suggestion']) => (at ? [{ methodId, state: name, at: at.toISOString(), ...(suggestion ? { suggestion } : {}) }] : []);
        const slowBefore = (at: Date | null) => at !== null && times.suggested_at !== null && times.suggested_at <= at;
        return [
          ...event('queued', times.queued_at),
          ...event('unknown', times.unknown_at, suggestionIn.unknown),
          ...event('accepted', times.accepted_at, slowBefore(times.accepted_at) ? slowSuggestion : undefined),
          ...(slowBefore(times.accepted_at) ? [] : event(lastHeard({ acceptedAt: times.accepted_at, unknownAt: times.unknown_at }, times.suggested_at), times.suggested_at, slowSuggestion)),
          ...(state === 'delivered' || state === 'failed' || state === 'expired' ? event(state, times.settled_at, suggested(state).suggestion) : []),
        ];
      })
      .sort((one, other) => one.at.localeCompare(other.at));
  }
}

/** What a page has heard of a message that is on its way. */
export type Heard = 'queued' | 'unknown' | 'accepted';

/** What it had heard last at a moment. */
export function lastHeard({ acceptedAt, unknownAt }: { acceptedAt: Date | null; unknownAt: Date | null }, at: Date | null): Heard {
  const before = (moment: Date | null) => moment !== null && at !== null && moment <= at;
  return before(acceptedAt) ? 'accepted' : before(unknownAt) ? 'unknown' : 'queued';
}

/** The suggestion as a field, in the states that have one. */
export function suggested(state: DeliveryState): Pick<DeliveryEvent, 'suggestion'> {
  return state in suggestionIn ? { suggestion: suggestionIn[state as keyof typeof suggestionIn] } : {};
}

/** Everybody but those who surely did not send it. */
export function mayHaveHad(earlier: readonly EarlierAsk[] | null): string[] {
  return (earlier ?? []).filter(({ outcome }) => outcome !== 'transient').map(({ provider }) => provider);
}

function columnsOf({ messageId, queuedAt, message, channel, attemptId, methodId, purpose, country, segments }: LedgerEntry, now: Date): unknown[] {
  const { loginId, maskedDestination, expiresAt } = message;
  return [messageId, queuedAt, attemptId, loginId, methodId, channel, purpose, maskedDestination, country, segments, expiresAt, now];
}
