import { asFailure, type RequestFailed } from '@latchkey/client';
import type { Session } from '@latchkey/contracts';
import { Anchor } from '@mantine/core';
import { useEffect, useState } from 'react';
import { Link, Redirect } from 'wouter';
import { startReset } from '../../api/login.ts';
import { AskProvider } from '../../components/ask-provider.tsx';
import { LoadFailed } from '../../components/load-failed.tsx';
import { Loading } from '../../components/loading.tsx';
import { type Attempt, keepAttempt, readAttempt } from '../../session/stored-attempt.ts';
import { useAttemptOver } from '../../session/use-attempt-over.ts';
import { pageTexts } from '../../texts/page-texts.ts';
import { EnterResetCode } from './enter-reset-code.tsx';
import { ExplainReset } from './explain-reset.tsx';
import { ResetDone } from './reset-done.tsx';

/** For somebody with the password and without codes (rule 11): turns two-factor off by a code to the login's mailbox. */
export default function ResetTwoFactorPage() {
  const [attempt, setAttempt] = useState(readAttempt);
  if (!attempt || attempt.purpose !== 'login') return <Redirect to="/sign-in" replace />;
  const change = (changed: Attempt) => {
    keepAttempt(changed);
    setAttempt(changed);
  };
  return <ResetTwoFactor attempt={attempt} onChange={change} />;
}

/** A recovery code is no way that a code is sent by. */
const emailIsTheOnlyMethod = ({ methods }: Attempt) => methods.every(({ kind }) => kind === 'email' || kind === 'recovery_code');

function ResetTwoFactor({ attempt, onChange }: { attempt: Attempt; onChange: (attempt: Attempt) => void }) {
  const onlyEmail = emailIsTheOnlyMethod(attempt);
  const [refusal, setRefusal] = useState<RequestFailed | null>(null);
  const [done, setDone] = useState<Session | null>(null);
  const over = useAttemptOver(attempt);

  const send = async () => {
    const { sent } = await startReset(attempt.attempt);
    onChange({ ...attempt, resetSent: sent });
  };
  /** True where the refusal is shown as a page of its own, or leads away. */
  const refused = (failure: RequestFailed) => {
    if (failure.code === 'attempt_over') return over();
    if (failure.code === 'ask_service_provider') setRefusal(failure);
    return failure.code === 'ask_service_provider';
  };
  // Where email is the only method nothing is sent (rule 12): asking tells whom to call.
  const look = async () => {
    try {
      await send();
    } catch (error) {
      if (!refused(asFailure(error))) setRefusal(asFailure(error));
    }
  };
  useEffect(() => {
    if (onlyEmail) void look();
    // Once: what it asks for does not change while the page is open.
  }, []);

  if (done) return <ResetDone session={done} next={attempt.next} />;
  if (refusal?.code === 'ask_service_provider') {
    return (
      <AskProvider provider={refusal.provider} reason={onlyEmail ? pageTexts.provider.onlyEmail : pageTexts.provider.noMailbox}>
        <Anchor component={Link} to="/sign-in/code">
          {pageTexts.reset.otherWay}
        </Anchor>
      </AskProvider>
    );
  }
  if (refusal) return <LoadFailed failure={refusal} onRetry={look} />;
  if (attempt.resetSent) return <EnterResetCode attempt={attempt} sent={attempt.resetSent} onSendAgain={send} onRefused={refused} onDone={setDone} />;
  return onlyEmail ? <Loading /> : <ExplainReset attempt={attempt} onSend={send} onRefused={refused} />;
}
