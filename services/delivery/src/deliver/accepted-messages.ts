import type { Channel } from '@latchkey/contracts';
import { Gathered, prepared } from '@latchkey/platform';
import type { DataSource } from 'typeorm';
import type { EarlierAsk, State } from './ledger.ts';
import type { Issued } from './ledger-entry.ts';
import { queuedBetween, queuedWithin } from './message-time.ts';

/** A row of the ledger that a provider took, and what is kept to send it again. */
export interface AcceptedMessage {
  messageId: string;
  queuedAt: Date;
  /** Null for a notice. */
  attemptId: string | null;
  loginId: string;
  methodId: string | null;
  channel: Channel;
  country: string | null;
  state: State;
  provider: string;
  earlier: EarlierAsk[] | null;
  receiptKey: string | null;
  acceptedAt: Date | null;
  unknownAt: Date | null;
  suggestedAt: Date | null;
  expiresAt: Date;
  keptMessage: Issued | null;
}

/** How long after its message a receipt may come: the ledger looks no further back. */
const receiptsForMs = 3 * 86_400_000;
/** Nothing is left to do for a message of yesterday: its code expired. */
const lookedAfterForMs = 86_400_000;
/** Who took a due message has this long to deal with it; then it died, and another worker takes it. */
const leaseMs = 10_000;

const columns = `message_id AS "messageId", queued_at AS "queuedAt", attempt_id AS "attemptId", login_id AS "loginId", method_id AS "methodId", channel, country, state, provider, earlier,
  receipt_key AS "receiptKey", accepted_at AS "acceptedAt", unknown_at AS "unknownAt", suggested_at AS "suggestedAt", expires_at AS "expiresAt", kept_message AS "keptMessage"`;
// $1 the key, $2 the same inside `earlier`, $3 and $4 between when: the plan then has no other partitions.
const withReceiptKey = `(receipt_key = $1 OR earlier @> $2::jsonb) AND queued_at BETWEEN $3 AND $4`;
const findBy = (receiptKey: string, now: Date) => [receiptKey, JSON.stringify([{ receiptKey }]), ...queuedWithin(receiptsForMs, now)];

const codesUsedSql = prepared(`UPDATE deliveries SET used_at = coalesce(used_at, $4::timestamptz), due_at = NULL, kept_message = NULL, settled_at = CASE WHEN state = 'retrying' THEN $4 ELSE settled_at END,
    failure = CASE WHEN state = 'retrying' THEN 'the code was used' ELSE failure END, state = CASE WHEN state = 'retrying' THEN 'expired' ELSE state END
  WHERE attempt_id = ANY($1) AND queued_at BETWEEN $2 AND $3`);

/** What happens to messages after a provider took them. Every step is one guarded statement: of several who come to it one does it. */
export class AcceptedMessages {
  private readonly source: DataSource;
  private readonly attemptsOfUsedCodes: Gathered<string>;

  constructor(source: DataSource) {
    this.source = source;
    this.attemptsOfUsedCodes = new Gathered((attemptIds) => source.query(codesUsedSql, [attemptIds, ...queuedBetween(attemptIds), new Date()]));
  }

  /** The message that a receipt is about: of the provider it is with now, or of one before. */
  async find(receiptKey: string, now: Date): Promise<AcceptedMessage | undefined> {
    const rows = (await this.source.query(`SELECT ${columns} FROM deliveries WHERE ${withReceiptKey} LIMIT 1`, findBy(receiptKey, now))) as AcceptedMessage[];
    return rows[0];
  }

  /** Delivered is delivered, by whichever provider and in whatever order it is heard of. Undefined when that is known, or no such message is. */
  async deliver(receiptKey: string, now: Date): Promise<AcceptedMessage | undefined> {
    const rows = await this.update(
      `UPDATE deliveries SET state = 'delivered', settled_at = $5, failure = NULL, due_at = NULL, kept_message = NULL WHERE ${withReceiptKey} AND state <> 'delivered' RETURNING ${columns}`,
      [...findBy(receiptKey, now), now],
    );
    return rows[0];
  }

  /** The provider failed, and no other is asked. False when somebody else was faster. */
  async fail(message: AcceptedMessage, reason: string, now: Date): Promise<boolean> {
    const rows = await this.update(
      `UPDATE deliveries SET state = 'failed', settled_at = $4, failure = $5, due_at = NULL, kept_message = NULL
       WHERE message_id = $1 AND queued_at = $2 AND state = 'accepted' AND receipt_key = $3 RETURNING ${columns}`,
      [message.messageId, message.queuedAt, message.receiptKey, now, reason],
    );
    return rows.length > 0;
  }

  /**
   * The next provider has to be asked. The row keeps the message until it is in the queue again and taken from there: who
   * noted this and died before has it noticed when the lease ends.
   */
  async failOver(message: AcceptedMessage, failed: EarlierAsk, now: Date): Promise<boolean> {
    const rows = await this.update(
      `UPDATE deliveries SET state = 'retrying', earlier = coalesce(earlier, '[]') || $4::jsonb, failure = $5, receipt_key = NULL, due_at = $6
       WHERE message_id = $1 AND queued_at = $2 AND state = 'accepted' AND receipt_key = $3 AND kept_message IS NOT NULL AND used_at IS NULL RETURNING ${columns}`,
      [message.messageId, message.queuedAt, message.receiptKey, JSON.stringify(failed), failed.reason, new Date(now.getTime() + leaseMs)],
    );
    return rows.length > 0;
  }

  /** Takes messages of these channels that are due, so that no other worker does; several workers take different ones. */
  async takeDue(channels: readonly Channel[], limit: number, now: Date): Promise<AcceptedMessage[]> {
    return this.update(
      `UPDATE deliveries SET due_at = $5 WHERE queued_at BETWEEN $2 AND $3 AND (message_id, queued_at) IN (
         SELECT message_id, queued_at FROM deliveries WHERE due_at <= $1 AND queued_at BETWEEN $2 AND $3 AND channel = ANY($4) ORDER BY due_at LIMIT $6 FOR UPDATE SKIP LOCKED)
       RETURNING ${columns}`,
      [now, ...queuedWithin(lookedAfterForMs, now), channels, new Date(now.getTime() + leaseMs), limit],
    );
  }

  /** Notes that the page is told that the message takes long. False when it went on meanwhile. */
  async noteSlow(message: AcceptedMessage, now: Date): Promise<boolean> {
    const rows = await this.update(
      `UPDATE deliveries SET suggested_at = $4 WHERE message_id = $1 AND queued_at = $2 AND state = $3 AND suggested_at IS NULL AND due_at IS NOT NULL RETURNING ${columns}`,
      [message.messageId, message.queuedAt, message.state, now],
    );
    return rows.length > 0;
  }

  /** When to look at the message again, and whether it may still have to be sent again; what is kept for that is wiped otherwise. */
  async lookAgain(message: AcceptedMessage, { dueAt, keep }: { dueAt: Date | null; keep: boolean }): Promise<void> {
    await this.update(
      `UPDATE deliveries SET due_at = $4, kept_message = CASE WHEN $5 THEN kept_message END WHERE message_id = $1 AND queued_at = $2 AND state = $3 AND due_at IS NOT NULL`,
      [message.messageId, message.queuedAt, message.state, dueAt, keep && dueAt !== null],
    );
  }

  /** Wipes what was due when every worker was away for a day. */
  async letGoOfOld(now: Date): Promise<void> {
    await this.source.query('UPDATE deliveries SET due_at = NULL, kept_message = NULL WHERE due_at < $1', [new Date(now.getTime() - lookedAfterForMs)]);
  }

  /** The attempt's code was entered: nothing is sent for it any more, and what was kept for that is wiped. */
  codeUsed(attemptId: string): Promise<void> {
    return this.attemptsOfUsedCodes.add(attemptId);
  }

  private async update(sql: string, parameters: unknown[]): Promise<AcceptedMessage[]> {
    const [rows] = (await this.source.query(sql, parameters)) as [AcceptedMessage[], number];
    return rows;
  }
}
