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
