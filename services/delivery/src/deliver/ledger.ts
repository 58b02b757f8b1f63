import type { CodeIssued, Channel, DeliveryState } from '@latchkey/contracts';
import type { DataSource } from 'typeorm';

export interface LedgerEntry {
  messageId: string;
  message: CodeIssued;
  channel: Channel;
  provider: string;
  queuedAt: Date;
}

type State = 'asking' | 'retrying' | 'accepted' | 'delivered' | 'failed' | 'expired';

/** One row for each message: what was asked of whom, when, and what came of it. Neither code nor full destination. */
export class Ledger {
  private readonly source: DataSource;

  constructor(source: DataSource) {
    this.source = source;
  }

  /**
   * Notes that a provider is about to be asked, and says in which state the message was before. `asking` before means that
   * an earlier run crashed between asking and writing down: counted as an unknown outcome in the same statement.
   */
  async beginAsking({ messageId, message, channel, provider, queuedAt }: LedgerEntry, now: Date): Promise<{ before: State | null; unknowns: number }> {
    const rows = (await this.source.query(
      `WITH before AS (SELECT state FROM deliveries WHERE message_id = $1)
       INSERT INTO deliveries (message_id, attempt_id, login_id, method_id, channel, purpose, masked_destination, state, provider, queued_at, asked_at, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, 'asking', $8, $9, $10, $11)
       ON CONFLICT (message_id) DO UPDATE SET
         asks = deliveries.asks + (deliveries.state IN ('asking', 'retrying'))::int,
         unknowns = deliveries.unknowns + (deliveries.state = 'asking')::int,
         unknown_at = CASE WHEN deliveries.state = 'asking' THEN EXCLUDED.asked_at ELSE deliveries.unknown_at END,
         asked_at = EXCLUDED.asked_at,
         provider = EXCLUDED.provider,
         state = CASE WHEN deliveries.state = 'retrying' THEN 'asking' ELSE deliveries.state END
       RETURNING (SELECT state FROM before) AS before, unknowns`,
      [messageId, message.attemptId, message.loginId, message.methodId, channel, message.purpose, message.maskedDestination, provider, queuedAt, now, message.expiresAt],
    )) as { before: State | null; unknowns: number }[];
    return rows[0] ?? { before: null, unknowns: 0 };
  }

  async settle(messageId: string, state: 'accepted' | 'failed' | 'retrying', details: { providerMessageId?: string; failure?: string; unknown?: boolean }, now: Date): Promise<void> {
    await this.source.query(
      `UPDATE deliveries SET state = $2, provider_message_id = coalesce($3, provider_message_id), failure = $4, unknowns = unknowns + $5,
         unknown_at = CASE WHEN $5 = 1 THEN $6::timestamptz ELSE unknown_at END, settled_at = CASE WHEN $2 = 'retrying' THEN NULL ELSE $6::timestamptz END
       WHERE message_id = $1`,
      [messageId, state, details.providerMessageId ?? null, details.failure ?? null, details.unknown ? 1 : 0, now],
    );
  }

  /** Too late to send. A message that was accepted before stays accepted. Says whether the state is `expired` now. */
  async expire({ messageId, message, channel, provider, queuedAt }: LedgerEntry, now: Date): Promise<boolean> {
    const rows = (await this.source.query(
      `INSERT INTO deliveries (message_id, attempt_id, login_id, method_id, channel, purpose, masked_destination, state, provider, asks, queued_at, asked_at, settled_at, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, 'expired', $8, 0, $9, $10, $10, $11)
       ON CONFLICT (message_id) DO UPDATE SET state = CASE WHEN deliveries.state IN ('asking', 'retrying') THEN 'expired' ELSE deliveries.state END,
         settled_at = coalesce(deliveries.settled_at, EXCLUDED.settled_at)
       RETURNING state`,
      [messageId, message.attemptId, message.loginId, message.methodId, channel, message.purpose, message.maskedDestination, provider, queuedAt, now, message.expiresAt],
    )) as { state: State }[];
    return rows[0]?.state === 'expired';
  }

  /** What happened to the messages of an attempt, oldest first. */
  async statesOf(attemptId: string): Promise<{ methodId: string; state: DeliveryState; at: string }[]> {
    const rows = (await this.source.query(
      'SELECT method_id, state, queued_at, unknown_at, settled_at FROM deliveries WHERE attempt_id = $1 ORDER BY queued_at LIMIT 50',
      [attemptId],
    )) as { method_id: string; state: State; queued_at: Date; unknown_at: Date | null; settled_at: Date | null }[];
    return rows
      .flatMap(({ method_id: methodId, state, queued_at, unknown_at, settled_at }) => [
        { methodId, state: 'queued' as const, at: queued_at.toISOString() },
        ...(unknown_at ? [{ methodId, state: 'unknown' as const, at: unknown_at.toISOString() }] : []),
        ...(settled_at && state !== 'asking' && state !== 'retrying' ? [{ methodId, state, at: settled_at.toISOString() }] : []),
      ])
      .sort((one, other) => one.at.localeCompare(other.at));
  }
}
