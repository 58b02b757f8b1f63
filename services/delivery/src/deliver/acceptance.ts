import type { ProviderLine } from '../routing/provider-line.ts';
import type { Issued, LedgerEntry } from './ledger-entry.ts';

/** What is written down of a provider that took the message, and what there is to do then. */
export interface Acceptance {
  provider: string;
  providerMessageId: string;
  costMicros: number | null;
  /** Null where no receipt will come: then nothing more is known, and nothing is to be done. */
  receiptKey: string | null;
  dueAt: Date | null;
  keptMessage: Issued | null;
}

/** How long a person looks at a page before it proposes something else than to wait. */
const slowAfterMs = 30_000;

export function acceptanceOf(entry: LedgerEntry, line: ProviderLine, { providerMessageId, mayFailOver, now }: { providerMessageId: string; mayFailOver: boolean; now: Date }): Acceptance {
  const costMicros = line.costOf(entry.country, entry.segments ?? 1);
  const accepted = { provider: line.name, providerMessageId, costMicros };
  if (line.receiptWithinMs === null) return { ...accepted, receiptKey: null, dueAt: null, keptMessage: null };
  const receiptDue = new Date(now.getTime() + line.receiptWithinMs);
  const slow = slowAt(entry);
  return {
    ...accepted,
    receiptKey: `${line.name}:${providerMessageId}`,
    dueAt: slow && slow < receiptDue ? slow : receiptDue,
    // Another provider may have to send the same: it is kept, as sealed as it came, until this one is settled.
    keptMessage: mayFailOver ? entry.message : null,
  };
}

/** When a text that did not arrive takes long; null for an email, which nobody expects within seconds, and for what no page waits for. */
export function slowAt(message: Pick<LedgerEntry, 'channel' | 'queuedAt' | 'attemptId'>): Date | null {
  return message.channel === 'sms' ? waitsLongAt(message) : null;
}

/** When a page proposes something else while no provider takes the message; null for what no page waits for. */
export function waitsLongAt({ queuedAt, attemptId }: Pick<LedgerEntry, 'queuedAt' | 'attemptId'>): Date | null {
  return attemptId === null ? null : new Date(queuedAt.getTime() + slowAfterMs);
}
