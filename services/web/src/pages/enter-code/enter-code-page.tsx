import { Anchor, Button, Stack, Text } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Link, Redirect } from 'wouter';
import { verifyCode } from '../../api/login.ts';
import type { RequestFailed } from '@latchkey/client';
import { codeLength } from '../../components/code-digits.ts';
import { CodeField } from '../../components/code-field.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { useAction } from '../../components/use-action.ts';
import { useGoOn } from '../../session/go-on.tsx';
import { signInPath } from '../../session/return-path.ts';
import { useSession } from '../../session/session-context.tsx';
import { type Attempt, forgetAttempt, keepAttempt, readAttempt } from '../../session/stored-attempt.ts';
import { useAttemptOver } from '../../session/use-attempt-over.ts';
import { describeFailure } from '../../texts/describe-failure.ts';
import { pageTexts } from '../../texts/page-texts.ts';
import { clockWords } from '../../time/date-words.ts';
import { SendCode } from './send-code.tsx';
import { useWebOtp } from './use-web-otp.ts';

/** The second step of a login (or of a step-up): the code. A reload finds the same attempt again. */
export default function EnterCodePage() {
  const [attempt, setAttempt] = useState(readAttempt);
  if (!attempt) return <Redirect to="/sign-in" replace />;
  const change = (changed: Attempt) => {
    keepAttempt(changed);
    setAttempt(changed);
  };
  return <EnterCode attempt={attempt} onChange={change} />;
}

function EnterCode({ attempt, onChange }: { attempt: Attempt; onChange: (attempt: Attempt) => void }) {
  const goOn = useGoOn();
  const over = useAttemptOver(attempt);
  const { signedIn } = useSession();
  const [code, setCode] = useState('');
  const [incomplete, setIncomplete] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const { busy, failure, run, clear } = useAction();

  const method = attempt.methods.find(({ id }) => id === attempt.methodId);
  const kind = method?.kind ?? 'sms';
  const sent = attempt.sent[attempt.methodId];

  useEffect(() => field.current?.focus(), []);
  /** A code was sent again, or another method chosen: on to the field, which begins anew for another method. */
  const changeAttempt = (changed: Attempt) => {
    if (changed.methodId !== attempt.methodId) {
      setCode('');
      setIncomplete(false);
      clear();
    }
    onChange(changed);
    field.current?.focus();
  };

  const enter = async (entered: string) => {
    const answer = await verifyCode(attempt.attempt, attempt.methodId, entered);
    forgetAttempt();
    signedIn(answer.session);
    const ask = attempt.purpose === 'login' && answer.askToTrust;
    goOn(ask ? '/sign-in/trust-device' : attempt.next, { next: attempt.next });
  };
  const refused = (failed: RequestFailed) => {
    if (failed.code === 'attempt_over') return over();
    field.current?.select();
  };
  const changeCode = (entered: string) => {
    setCode(entered);
    setIncomplete(false);
    if (entered !== code && !busy) clear();
    if (kind !== 'recovery_code' && entered.length === codeLength && entered !== code) void run(() => enter(entered), refused);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (kind === 'recovery_code' ? code.trim() : code.length === codeLength) return void run(() => enter(code), refused);
    setIncomplete(true);
    field.current?.focus();
  };
  useWebOtp(kind === 'sms' ? sent : undefined, changeCode);

  return (
    <Stack gap="md">
      <div>
        <PageHeading takesFocus={false}>
          {attempt.purpose === 'login' ? pageTexts.enterCode.title : pageTexts.enterCode.stepUpTitle}
        </PageHeading>
        <Text>{pageTexts.enterCode.lead[kind](method?.hint ?? '')}</Text>
      </div>
      <form onSubmit={submit} noValidate>
        <CodeField
          ref={field}
          value={code}
          onChange={changeCode}
          busy={busy}
          anyText={kind === 'recovery_code' ? pageTexts.enterCode.recoveryCode : undefined}
          wrong={incomplete || failure !== null}
          message={fieldMessage()}
        />
        <Button type="submit" fullWidth mt="xs" loading={busy}>
          {pageTexts.common.verify}
        </Button>
      </form>
      <SendCode attempt={attempt} onChange={changeAttempt} onOver={over} />
      {attempt.purpose === 'login' && (
        <Anchor component={Link} to="/sign-in/reset">
          {pageTexts.enterCode.noCodes}
        </Anchor>
      )}
      <Anchor
        component={Link}
        to={attempt.purpose === 'login' ? signInPath(attempt.next) : attempt.next}
        onClick={forgetAttempt}
      >
        {attempt.purpose === 'login' ? pageTexts.enterCode.startOver : pageTexts.common.cancel}
      </Anchor>
    </Stack>
  );

  function fieldMessage() {
    if (incomplete && kind !== 'recovery_code') return pageTexts.enterCode.hint;
    if (failure) return describeFailure(failure);
    if (busy) return pageTexts.enterCode.checking;
    if (kind === 'recovery_code') return pageTexts.enterCode.recoveryHint;
    return sent ? pageTexts.enterCode.validUntil(clockWords(sent.expiresAt)) : '';
  }
}
