import { createHash, randomUUIDv7 } from 'node:crypto';
import { currentMessageContext } from './message-context.ts';

/**
 * The id of a message that follows from the one being handled: the same one when that is delivered again after a crash, so
 * that its consequence counts once. A UUIDv7 (RFC 9562 5.7) with the time of the cause and a hash in place of randomness.
 * @param what tells apart the consequences of one message.
 */
export function consequenceId(what: string): string {
  const cause = currentMessageContext()?.messageId;
  if (cause === undefined) return randomUUIDv7();
  const hash = createHash('sha256').update(`${cause}/${what}`).digest('hex');
  const variant = '89ab'[Number.parseInt(hash.charAt(3), 16) % 4];
  return `${cause.slice(0, 13)}-7${hash.slice(0, 3)}-${variant}${hash.slice(4, 7)}-${hash.slice(7, 19)}`;
}
