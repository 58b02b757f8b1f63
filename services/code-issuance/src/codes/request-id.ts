import { currentMessageContext } from '@latchkey/messaging';

/**
 * What says that a request was made before: the message that caused it, since one that is delivered again to its own
 * handler, after a crash, causes a new request with a new id.
 */
export const requestId = (): string => currentMessageContext()?.causationId ?? currentMessageContext()?.messageId ?? '';
