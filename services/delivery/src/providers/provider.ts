import type { Channel } from '@latchkey/contracts';

/**
 * A message ready for one recipient. `messageId` stays the same however often and through whomever it is sent; after
 * `expiresAt` a provider that still holds it should drop it.
 */
export type OutgoingMessage = Addressed & ({ channel: 'sms' } | { channel: 'email'; subject: string; html: string; brand?: string });

interface Addressed {
  to: string;
  text: string;
  messageId: string;
  expiresAt?: Date;
  /** The service provider's own address, or sender of texts. One that can't be used is passed over: no message is lost over it. */
  sender?: string | undefined;
}

/**
 * What became of asking a provider. `unknown`: the answer was lost, it may or may not have been sent. `transient`: surely
 * not sent, later may work. `permanent`: surely not sent, and never will be.
 */
export type ProviderAnswer =
  | { outcome: 'accepted'; providerMessageId: string }
  | { outcome: 'permanent' | 'transient' | 'unknown'; reason: string };

export interface Provider {
  /** Of this instance, as in the ledger: two accounts with one vendor have two names. */
  readonly name: string;
  readonly channels: readonly Channel[];
  /** Never rejects for what a vendor or the network does; rejects only for a message of another channel. */
  send(message: OutgoingMessage): Promise<ProviderAnswer>;
  /** Lets go of idle connections. */
  close?(): void;
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
  /** By lower-case name. */
  headers: Readonly<Record<string, string>>;
  body: string;
}

/**
 * Reads the receipts of one instance of a provider. Rejects with `Refusal('not_found')` what is not signed by it or too
 * old, with `Refusal('unavailable')` what can't be checked at the moment, so that its sender tries again.
 */
export interface ReceiptReader {
  readonly provider: string;
  read(request: ReceiptRequest): Promise<Receipt[]>;
}
