import { Button } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { Link, useLocation } from 'wouter';
import { startStepUp } from '../../api/login.ts';
import type { RequestFailed } from '../../api/request-failed.ts';
import { FailureMessage } from '../../components/failure-message.tsx';
import { useAction } from '../../components/use-action.ts';
import { useSignedIn } from '../../session/session-context.tsx';
import { beginAttempt } from '../../session/stored-attempt.ts';
import { pageTexts } from '../../texts/page-texts.ts';

/** Why a device could not be trusted, and the way to where it can be: a code for this session, or two-factor itself. */
export function NoTrustYet({ failure }: { failure: RequestFailed }) {
  const { login } = useSignedIn();
  const [, navigate] = useLocation();
  const stepUp = useAction();

  const enterCode = () =>
    stepUp.run(async () => {
      beginAttempt(await startStepUp(), { purpose: 'step_up', loginName: login.loginName, next: '/devices' });
      navigate('/sign-in/code');
    });
  if (failure.code === 'step_up_required') {
    return (
      <Noticed>
        <FailureMessage failure={stepUp.failure} text={pageTexts.devices.stepUp} />
        <Button onClick={enterCode} loading={stepUp.busy}>
          {pageTexts.devices.enterCode}
        </Button>
      </Noticed>
    );
  }
  if (failure.code === 'two_factor_off') {
    return (
      <Noticed>
        <FailureMessage text={pageTexts.devices.off} />
        <Button component={Link} to="/security/set-up">
          {pageTexts.security.setUp}
        </Button>
      </Noticed>
    );
  }
  return (
    <Noticed>
      <FailureMessage failure={failure} />
    </Noticed>
  );
}

/** Stands above the lists, perhaps out of sight of the button that was pressed: takes the focus, and the page there. */
function Noticed({ children }: { children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.focus(), []);
  return (
    <div ref={place} tabIndex={-1} style={{ outline: 'none' }}>
      {children}
    </div>
  );
}
