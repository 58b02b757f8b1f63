import type { DataSource } from 'typeorm';
import { queuedWithin } from '../deliver/message-time.ts';
import type { Receipt } from '../providers/provider.ts';

/** How long a receipt waits for its message: the answer it overtook is written down, or lost, within seconds. */
const keptForMs = 60_000;
const dayMs = 86_400_000;
const batch = 100;

interface EarlyRow {
  receipt_key: string;
  outcome: Receipt['outcome'];
  reason: string | null;
  received_at: Date;
}

/**
 * Receipts that came before the answer of their provider was written down: some call back while they still answer. Kept
 * for a moment and looked at every second, so that the usual acceptance needs no second statement.
 */
export class EarlyReceipts {
  private readonly source: DataSource;

  constructor(source: DataSource) {
    this.source = source;
  }

  async keep({ provider, providerMessageId, outcome, reason }: Receipt, now: Date): Promise<void> {
    await this.source.query(
      `INSERT INTO early_receipts (receipt_key, outcome, reason, received_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT (receipt_key) DO UPDATE SET outcome = EXCLUDED.outcome, reason = EXCLUDED.reason WHERE early_receipts.outcome <> 'delivered'`,
      [`${provider}:${providerMessageId}`, outcome, reason ?? null, now],
    );
  }

  /** Those whose message is known by now. Drops the old ones, of messages that are not ours. */
  async nowKnown(now: Date): Promise<Receipt[]> {
    const oldest = new Date(now.getTime() - keptForMs);
    const rows = (await this.source.query(
      `WITH dropped AS (DELETE FROM early_receipts WHERE received_at < $1)
       SELECT early.* FROM early_receipts AS early
         CROSS JOIN LATERAL (SELECT FROM deliveries WHERE receipt_key = early.receipt_key AND queued_at BETWEEN $2 AND $3 LIMIT 1) AS known
       WHERE received_at >= $1 LIMIT $4`,
      [oldest, ...queuedWithin(dayMs, now), batch],
    )) as EarlyRow[];
    return rows.map(({ receipt_key: key, outcome, reason, received_at: at }) => {
      const [provider = '', ...id] = key.split(':');
      return { provider, providerMessageId: id.join(':'), outcome, ...(reason === null ? {} : { reason }), at };
    });
  }

  async forget({ provider, providerMessageId }: Receipt): Promise<void> {
    await this.source.query('DELETE FROM early_receipts WHERE receipt_key = $1', [`${provider}:${providerMessageId}`]);
  }
}
