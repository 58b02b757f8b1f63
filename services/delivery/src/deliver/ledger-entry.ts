import type { Channel, CodeIssued, NoticeIssued } from '@latchkey/contracts';

/** What there is to deliver: a code of an attempt, or a notice to a login. */
export type Issued = CodeIssued | NoticeIssued;

export const isCode = (message: Issued): message is CodeIssued => 'sealedCode' in message;

/** A message in the ledger's words. */
export interface LedgerEntry {
  messageId: string;
  /** From the message's id where that tells it: with the id the key of the row. */
  queuedAt: Date;
  message: Issued;
  channel: Channel;
  /** Of a code. A notice belongs to no attempt, and no page waits for it. */
  attemptId: string | null;
  methodId: string | null;
  /** What a code is for, or which notice it is. */
  purpose: string;
  /** Of a text. */
  country: string | null;
  segments: number | null;
}

export function entryOf(channel: Channel, message: Issued, messageId: string, queuedAt: Date): LedgerEntry {
  const common = { messageId, queuedAt, channel, message, country: null, segments: null };
  if (!isCode(message)) return { ...common, attemptId: null, methodId: null, purpose: message.kind };
  const { attemptId, methodId, purpose } = message;
  return { ...common, attemptId, methodId, purpose };
}
