import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * The message being handled: what its handler publishes and asks for belongs to the same story (`correlationId`), was
 * caused by it, and must not take longer than it (`deadline`).
 */
export interface MessageContext {
  name: string;
  messageId: string;
  correlationId: string;
  causationId: string | null;
  /** Milliseconds since the epoch after which nobody waits for the answer; null for events. */
  deadline: number | null;
  /** How many times this event was tried before; 0 for the first time and for requests. */
  previousTries: number;
  /** The broker delivered it before: the effect may have happened already. */
  redelivered: boolean;
  occurredAt: string;
}

const storage = new AsyncLocalStorage<MessageContext>();

export const runInMessageContext = <T>(context: MessageContext, work: () => T): T => storage.run(context, work);
export const currentMessageContext = (): MessageContext | undefined => storage.getStore();
