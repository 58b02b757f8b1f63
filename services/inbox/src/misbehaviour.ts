import { AwsError } from './aws-query.ts';

// Recipients that go wrong on purpose, always in the same way, so that people and tests can see what the system does then.
// The ending is long so that no ordinary number or address meets it by accident. The page lists the same table.

/** What happens to a message to such a recipient. */
export type Misbehaviour = 'throttled' | 'refused' | 'broken' | 'slow' | 'lost_answer' | 'vanishes';

const byEnding: Record<string, Misbehaviour> = {
  '9990001': 'throttled', //   Throttling (400): not kept
  '9990002': 'refused', //     opted out (SNS) or rejected (SES), for ever: not kept
  '9990003': 'broken', //      internal error (500): not kept
  '9990004': 'slow', //        taken, answered after 3 s
  '9990005': 'lost_answer', // taken, but the connection closes before the answer
  '9990006': 'vanishes', //    answered as taken, never arrives
};

/** How long a slow recipient takes to be answered. */
export const slowMs = 3_000;

/** How a recipient goes wrong, if it does: by the last digits of a phone number, or of an address before its `@`. */
export function misbehaviourOf(recipient: string): Misbehaviour | undefined {
  const [local = '', domain] = recipient.toLowerCase().split('@');
  // The SES mailbox simulator: these two are taken and bounce later; the others (success, complaint, ooto) arrive.
  if (domain === 'simulator.amazonses.com' && /^(bounce|suppressionlist)(\+|$)/.test(local)) return 'vanishes';
  return byEnding[local.slice(-7)];
}

/** Throws what AWS answers for a recipient that is refused. */
export function refuseIfMeant(misbehaviour: Misbehaviour | undefined, service: 'sns' | 'ses'): void {
  const texts = service === 'sns';
  if (misbehaviour === 'throttled') throw new AwsError('Throttling', texts ? 'Rate exceeded' : 'Maximum sending rate exceeded.');
  if (misbehaviour === 'refused') {
    throw texts ? new AwsError('OptedOut', 'This phone number has opted out of receiving messages') : new AwsError('MessageRejected', 'The recipient address is on the suppression list.');
  }
  if (misbehaviour === 'broken') throw new AwsError(texts ? 'InternalError' : 'InternalFailure', 'The request processing has failed because of an unknown error, exception or failure.', 500);
}
