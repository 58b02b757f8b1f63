import type { SessionState } from '../../session/session-context.tsx';
import { texts } from '../../texts/texts.ts';

/** What another page hands over when it leads back here. */
export interface SignInPageState {
  attemptOver?: boolean;
  loginName?: string;
}

/** Why somebody is on the sign-in page who did not come for it; null for everybody else. */
export function signInNotice(arrival: SignInPageState, session: SessionState): string | null {
  if (arrival.attemptOver) return texts.failures.attempt_over;
  if (session.status !== 'signed_out') return null;
  const notices = {
    never: null,
    ended: texts.signIn.ended,
    signed_out: texts.signIn.signedOut,
    two_factor_changed: texts.signIn.changed,
  };
  return notices[session.reason];
}
