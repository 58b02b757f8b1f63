import { Button, Text } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { Link, useLocation } from 'wouter';
import { startStepUp } from '../../api/login.ts';
import type { RequestFailed } from '@latchkey/client';
import { FailureMessage } from '../../components/failure-message.tsx';
import { Section } from '../../components/section.tsx';
import { useAction } from '../../components/use-action.ts';
import { useSignedIn } from '../../session/session-context.tsx';
import { beginAttempt } from '../../session/stored-attempt.ts';
import { pageTexts } from '../../texts/page-texts.ts';

const words = pageTexts.devices;

/** Why a device could not be trusted or forgotten; where a code for this session is what lacks, the way to it. */
export function NoTrustYet({ failure }: { failure: RequestFailed }) {
  return <Noticed>{failure.code === 'step_up_required' ? <CodeFirst /> : <FailureMessage failure={failure} />}</Noticed>;
}

function CodeFirst() {
  const { login } = useSignedIn();
  const [, navigate] = useLocation();
  const { busy, failure, run } = useAction();
  const enterCode = () =>
    run(async () => {
      beginAttempt(await startStepUp(), { purpose: 'step_up', loginName: login.loginName, next: '/devices' });
      navigate('/sign-in/code');
    });
  return (
    <Section title={words.stepUpTitle}>
      <Text mb="md">{words.stepUp}</Text>
      <Button onClick={enterCode} loading={busy}>
        {words.enterCode}
      </Button>
      {failure && <FailureMessage failure={failure} />}
    </Section>
  );
}

/** Trust needs two-factor: says so before anybody tries. */
export function TwoFactorOff() {
  return (
    <Section title={words.offTitle}>
      <Text mb="md">{words.off}</Text>
      <Button component={Link} to="/security/set-up">
        {pageTexts.security.setUp}
      </Button>
    </Section>
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
