import { AwsError } from './aws-query.ts';

// Recipients that go wrong on purpose, always in the same way, so that people and tests can see what the system does then.
// The ending is long so that no ordinary number or address meets it by accident. The page lists the same table. Each means
// the same in the words of every protocol the inbox speaks.

/** What happens to a message to such a recipient. */
export type Misbehaviour =
  | 'throttled'
  | 'refused'
  | 'broken'
  | 'slow'
  | 'lost_answer'
  | 'vanishes'
  | 'fails_later'
  | 'no_receipt'
  | 'error_in_answer'
  | 'accepted_for_later'
  | 'cut_off'
  | 'answered_twice'
  | 'gateway_timeout';

const byEnding: Record<string, Misbehaviour> = {
  '9990001': 'throttled', //          too many requests: not kept
  '9990002': 'refused', //            opted out or suppressed, for ever: not kept
  '9990003': 'broken', //             internal error (500): not kept
  '9990004': 'slow', //               taken, answered after 3 s
  '9990005': 'lost_answer', //        taken, but the connection closes before the answer
  '9990006': 'vanishes', //           answered as taken, never arrives, and nobody hears of it again
  '9990007': 'fails_later', //        answered as taken, never arrives, and the receipt says so
  '9990008': 'no_receipt', //         arrives, but no receipt ever comes
  '9990009': 'error_in_answer', //    an error in an answer that looks like success: not kept
  '9990010': 'accepted_for_later', // taken, answered with 202
  '9990011': 'cut_off', //            taken, but the answer ends in its middle
  '9990012': 'answered_twice', //     taken, the same answer comes twice
  '9990013': 'gateway_timeout', //    taken, but a gateway in between gave up (504)
};

/** How long a slow recipient takes to be answered. */
export const slowMs = 3_000;

/** How a recipient goes wrong, if it does: by the last digits of a phone number, or of an address before its `@`. */
export function misbehaviourOf(recipient: string): Misbehaviour | undefined {
  const [local = '', domain] = recipient.toLowerCase().split('@');
  // The SES mailbox simulator: these two are taken and bounce later; the others (success, complaint, ooto) arrive.
  if (domain === 'simulator.amazonses.com' && /^(bounce|suppressionlist)(\+|$)/.test(local)) return 'fails_later';
  return byEnding[local.slice(-7)];
}

/** Whether a message comes to its recipient. */
export const arrives = (misbehaviour: Misbehaviour | undefined): boolean => misbehaviour !== 'vanishes' && misbehaviour !== 'fails_later' && misbehaviour !== 'error_in_answer';

/** What the receipt of a message says that was taken; undefined when none ever comes. */
export function receiptOf(misbehaviour: Misbehaviour | undefined): 'delivered' | 'failed' | undefined {
  if (misbehaviour === 'fails_later') return 'failed';
  return arrives(misbehaviour) && misbehaviour !== 'no_receipt' ? 'delivered' : undefined;
}

/** Throws what AWS answers for a recipient that is refused. */
export function refuseIfMeant(misbehaviour: Misbehaviour | undefined, service: 'sns' | 'ses'): void {
  const texts = service === 'sns';
  if (misbehaviour === 'throttled') throw new AwsError('Throttling', texts ? 'Rate exceeded' : 'Maximum sending rate exceeded.');
  if (misbehaviour === 'refused' || misbehaviour === 'error_in_answer') {
    const status = misbehaviour === 'refused' ? 400 : 200;
    throw texts ? new AwsError('OptedOut', 'This phone number has opted out of receiving messages', status) : new AwsError('MessageRejected', 'The recipient address is on the suppression list.', status);
  }
  if (misbehaviour === 'broken') throw new AwsError(texts ? 'InternalError' : 'InternalFailure', 'The request processing has failed because of an unknown error, exception or failure.', 500);
}
