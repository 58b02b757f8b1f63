import type { RequestFailed } from '@latchkey/client';
import type { Sent, Session } from '@latchkey/contracts';
import { Anchor, Button, Stack, Text } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import { confirmReset } from '../../api/login.ts';
import { codeLength } from '../../components/code-digits.ts';
import { CodeField } from '../../components/code-field.tsx';
import { FailureMessage } from '../../components/failure-message.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { useAction } from '../../components/use-action.ts';
import { useSession } from '../../session/session-context.tsx';
import { type Attempt, forgetAttempt } from '../../session/stored-attempt.ts';
import { describeFailure } from '../../texts/describe-failure.ts';
import { pageTexts } from '../../texts/page-texts.ts';
import { useCountdown } from '../../time/countdown.ts';
import { clockWords } from '../../time/date-words.ts';
import { durationWords } from '../../time/duration-words.ts';
import { DeliveryStatus } from '../enter-code/delivery-status.tsx';
import { useDelivery } from '../enter-code/use-delivery.ts';

const words = pageTexts.reset;

interface EnterResetCodeProps {
  attempt: Attempt;
  sent: Sent;
  onSendAgain: () => Promise<void>;
  onRefused: (failure: RequestFailed) => boolean;
  onDone: (session: Session) => void;
}

/** The emailed code. Unlike a login's it waits for the button: what it does can't be undone. */
export function EnterResetCode({ attempt, sent, onSendAgain, onRefused, onDone }: EnterResetCodeProps) {
  const [code, setCode] = useState('');
  const [incomplete, setIncomplete] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const { signedIn } = useSession();
  const confirming = useAction();
  const sending = useAction();
  const delivery = useDelivery(attempt.attempt);
  const wait = useCountdown(sent.resendAt);

  useEffect(() => field.current?.focus(), []);
  const confirm = async () => {
    const { session } = await confirmReset(attempt.attempt, code);
    forgetAttempt();
    signedIn(session);
    onDone(session);
  };
  const refused = (failure: RequestFailed) => {
    field.current?.select();
    return onRefused(failure);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setIncomplete(code.length < codeLength);
    if (code.length === codeLength) return void confirming.run(confirm, refused);
    field.current?.focus();
  };
  const sendAgain = async () => {
    const restore = delivery.expectNews(sent.methodId);
    if (await sending.run(onSendAgain, onRefused)) return field.current?.focus();
    restore();
  };
  const message = () => {
    if (incomplete) return pageTexts.enterCode.hint;
    if (confirming.failure) return describeFailure(confirming.failure);
    return confirming.busy ? pageTexts.enterCode.checking : pageTexts.enterCode.validUntil(clockWords(sent.expiresAt));
  };

  return (
    <Stack gap="md">
      <div>
        <PageHeading takesFocus={false}>{words.enterTitle}</PageHeading>
        <Text>{words.enterLead}</Text>
      </div>
      <form onSubmit={submit} noValidate>
        <CodeField
          ref={field}
          value={code}
          onChange={(entered) => {
            setCode(entered);
            setIncomplete(false);
            if (entered !== code) confirming.clear();
          }}
          busy={confirming.busy}
          wrong={incomplete || confirming.failure !== null}
          message={message()}
        />
        <Button type="submit" fullWidth mt="xs" loading={confirming.busy}>
          {words.confirm}
        </Button>
      </form>
      <DeliveryStatus kind="email" event={delivery.events[sent.methodId]} interrupted={delivery.interrupted} />
      <Button variant="default" size="sm" fullWidth onClick={sendAgain} loading={sending.busy} disabled={wait > 0 || sent.sendsLeft === 0}>
        {wait > 0 ? pageTexts.common.sendAgainIn(durationWords(wait)) : pageTexts.common.sendAgain}
      </Button>
      {sending.failure && <FailureMessage failure={sending.failure} />}
      <Anchor component={Link} to="/sign-in/code">
        {words.otherWay}
      </Anchor>
    </Stack>
  );
}
