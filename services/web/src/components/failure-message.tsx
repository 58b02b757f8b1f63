import { useMemo } from 'react';
import type { RequestFailed } from '@latchkey/client';
import { serverNow } from '../api/server-clock.ts';
import { describeFailure } from '../texts/describe-failure.ts';
import { useCountdown } from '../time/countdown.ts';
import classes from './message.module.css';
import { AlertIcon } from './form-icons.tsx';

/**
 * Says what went wrong, where the room for it is already there, so that nothing on the page moves. Screen readers hear
 * it once; the seconds of a wait tick silently.
 */
export function FailureMessage({ failure, text }: { failure?: RequestFailed | null; text?: string | null }) {
  return (
    <div className={classes.slot}>
      <div role="alert">
        {(failure || text) && (
          <span className={classes.failure}>
            <AlertIcon />
            <span>{failure ? <Described failure={failure} /> : text}</span>
          </span>
        )}
      </div>
    </div>
  );
}

function Described({ failure }: { failure: RequestFailed }) {
  const until = useMemo(() => waitEnd(failure), [failure]);
  const left = useCountdown(until);
  if (until === null) return describeFailure(failure);
  return (
    <>
      <span className={classes.heardOnly}>{describeFailure(failure)}</span>
      <span aria-hidden="true">{describeFailure(failure, left)}</span>
    </>
  );
}

function waitEnd(failure: RequestFailed): number | null {
  return failure.retryAfterSeconds === undefined ? null : serverNow() + failure.retryAfterSeconds * 1000;
}
