/** A message ready for one recipient. */
export type OutgoingMessage =
  | { channel: 'sms'; to: string; text: string }
  | { channel: 'email'; to: string; subject: string; text: string; html: string; messageId: string };

/**
 * What became of asking a provider. `unknown`: the answer was lost, it may or may not have been sent. `transient`: surely
 * not sent, later may work. `permanent`: surely not sent, and never will be.
 */
export type ProviderAnswer =
  | { outcome: 'accepted'; providerMessageId: string }
  | { outcome: 'permanent' | 'transient' | 'unknown'; reason: string };

export interface Provider {
  readonly name: string;
  send(message: OutgoingMessage): Promise<ProviderAnswer>;
}

/** What a provider says later of a message it accepted. */
export interface Receipt {
  /** The provider's name, as in the ledger. */
  provider: string;
  providerMessageId: string;
  outcome: 'delivered' | 'failed';
  /** Why it failed, in words for operators; never a full destination. */
  reason?: string;
  at: Date;
}

/** A request that a provider makes to tell of receipts, as it came in: signatures are over the very bytes. */
export interface ReceiptRequest {
  /** The public address that was asked, with its query. */
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** Reads the receipts of one kind of provider. Rejects with `Refusal('not_found')` what is not signed by it. */
export interface ReceiptReader {
  readonly provider: string;
  read(request: ReceiptRequest): Promise<Receipt[]>;
}
