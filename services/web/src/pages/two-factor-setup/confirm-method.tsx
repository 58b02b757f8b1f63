import { Button, Group, Stack, Text } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { addMethod, confirmMethod } from '../../api/two-factor.ts';
import { codeLength } from '../../components/code-digits.ts';
import { CodeField } from '../../components/code-field.tsx';
import { FailureMessage } from '../../components/failure-message.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { useAction } from '../../components/use-action.ts';
import { describeFailure } from '../../texts/describe-failure.ts';
import { pageTexts } from '../../texts/page-texts.ts';
import { useCountdown } from '../../time/countdown.ts';
import { clockWords } from '../../time/date-words.ts';
import { durationWords } from '../../time/duration-words.ts';
import { ScanSecret } from './scan-secret.tsx';
import type { PendingMethod } from './set-up-method-page.tsx';

const words = pageTexts.setup;

interface ConfirmMethodProps {
  pending: PendingMethod;
  /** The code was asked for once more; the server may have begun anew. */
  onAgain: (pending: PendingMethod) => void;
  onBack: () => void;
  onDone: (recoveryCodes: string[]) => void;
}

/** A method counts only after a code from it: asks for that code. */
export function ConfirmMethod({ pending, onAgain, onBack, onDone }: ConfirmMethodProps) {
  const { request, answer } = pending;
  const [code, setCode] = useState('');
  const [incomplete, setIncomplete] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const confirming = useAction();
  const sending = useAction();
  const wait = useCountdown(answer.sent?.resendAt ?? null);
  const scans = request.kind === 'totp';

  useEffect(() => {
    if (!scans) field.current?.focus();
  }, [scans]);

  const confirm = (entered: string) =>
    confirming.run(
      async () => {
        const { recoveryCodes } = await confirmMethod(answer.id, entered);
        onDone(recoveryCodes ?? []);
      },
      () => field.current?.select(),
    );
  const changeCode = (entered: string) => {
    setCode(entered);
    setIncomplete(false);
    if (entered !== code && !confirming.busy) confirming.clear();
    if (entered.length === codeLength && entered !== code) void confirm(entered);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (code.length === codeLength) return void confirm(code);
    setIncomplete(true);
    field.current?.focus();
  };
  const sendAgain = () =>
    sending.run(async () => {
      onAgain({ request, answer: await addMethod(request) });
      field.current?.focus();
    });

  return (
    <form onSubmit={submit} noValidate className="card setup-card">
      <Stack gap="md">
        <PageHeading takesFocus={scans}>{words.confirmTitle}</PageHeading>
        {request.kind === 'sms' && <Text>{words.sentTo(request.phoneNumber)}</Text>}
        {request.kind === 'email' && <Text>{words.sentTo(request.emailAddress)}</Text>}
        {answer.secret && answer.otpauthUri && <ScanSecret secret={answer.secret} otpauthUri={answer.otpauthUri} />}
        <CodeField
          ref={field}
          value={code}
          onChange={changeCode}
          busy={confirming.busy}
          wrong={incomplete || confirming.failure !== null}
          message={fieldMessage()}
        />
        <Group justify="space-between">
          <Button variant="default" onClick={onBack}>
            {pageTexts.common.back}
          </Button>
          <Button type="submit" loading={confirming.busy}>
            {pageTexts.common.verify}
          </Button>
        </Group>
        {!scans && (
          <Button variant="default" size="sm" onClick={sendAgain} loading={sending.busy} disabled={wait > 0}>
            {wait > 0 ? pageTexts.common.sendAgainIn(durationWords(wait)) : pageTexts.common.sendAgain}
          </Button>
        )}
        {sending.failure && <FailureMessage failure={sending.failure} />}
      </Stack>
    </form>
  );

  function fieldMessage() {
    if (incomplete) return pageTexts.enterCode.hint;
    if (confirming.failure) return describeFailure(confirming.failure);
    if (confirming.busy) return pageTexts.enterCode.checking;
    return answer.sent ? words.validUntil(clockWords(answer.sent.expiresAt)) : '';
  }
}
