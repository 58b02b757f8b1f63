import { useLocation } from 'wouter';
import { signInPath } from './return-path.ts';
import { type Attempt, forgetAttempt } from './stored-attempt.ts';

/** The attempt is used up: back to where it began, saying so. */
export function useAttemptOver({ purpose, next, loginName }: Attempt): () => true {
  const [, navigate] = useLocation();
  return () => {
    forgetAttempt();
    if (purpose === 'step_up') navigate(next, { replace: true });
    else navigate(signInPath(next), { replace: true, state: { attemptOver: true, loginName } });
    return true;
  };
}
