import { Button, Stack, Text, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { type MethodChoice, sendCode } from '../../api/login.ts';
import type { RequestFailed } from '@latchkey/client';
import { serverNow } from '../../api/server-clock.ts';
import { FailureMessage } from '../../components/failure-message.tsx';
import { ArrowIcon } from '../../components/icons.tsx';
import { MethodIcon } from '../../components/method-icon.tsx';
import { useAction } from '../../components/use-action.ts';
import type { Attempt } from '../../session/stored-attempt.ts';
import { pageTexts } from '../../texts/page-texts.ts';
import { secondsUntil, useCountdown } from '../../time/countdown.ts';
import { durationWords } from '../../time/duration-words.ts';
import { DeliveryStatus } from './delivery-status.tsx';
import classes from './send-code.module.css';
import { useDelivery } from './use-delivery.ts';

interface SendCodeProps {
  attempt: Attempt;
  onChange: (attempt: Attempt) => void;
  onOver: () => void;
}

/** What happens to the code that was sent, having it sent again, and other ways to get one. */
export function SendCode({ attempt, onChange, onOver }: SendCodeProps) {
  const [choosing, setChoosing] = useState(false);
  const { busy, failure, run, clear } = useAction();
  const delivery = useDelivery(attempt.attempt);

  const method = attempt.methods.find(({ id }) => id === attempt.methodId);
  const others = attempt.methods.filter(({ id }) => id !== attempt.methodId);
  const isSent = method?.kind === 'sms' || method?.kind === 'email';
  const sent = attempt.sent[attempt.methodId];
  const wait = useCountdown(sent?.resendAt ?? null);

  const send = async (methodId: string) => {
    const restore = delivery.expectNews(methodId);
    try {
      const answer = await sendCode(attempt.attempt, methodId);
      onChange({ ...attempt, methodId, sent: answer.sent ? { ...attempt.sent, [methodId]: answer.sent } : attempt.sent });
    } catch (error) {
      restore();
      throw error;
    }
  };
  const refused = (failed: RequestFailed) => {
    if (failed.code !== 'attempt_over') return false;
    onOver();
    return true;
  };
  const choose = async (choice: MethodChoice) => {
    const nothingToSend = choice.kind === 'totp' || choice.kind === 'recovery_code';
    const onItsWay = secondsUntil(attempt.sent[choice.id]?.resendAt ?? null, serverNow()) > 0;
    if (nothingToSend || onItsWay) {
      clear();
      onChange({ ...attempt, methodId: choice.id });
    } else if (!(await run(() => send(choice.id), refused))) return;
    setChoosing(false);
  };

  return (
    <Stack gap="sm">
      {isSent && method && (
        <DeliveryStatus
          kind={method.kind === 'email' ? 'email' : 'sms'}
          event={delivery.events[method.id]}
          interrupted={delivery.interrupted}
        />
      )}
      {/* One below the other: the words of the countdown change their width, and must not move the next button. */}
      <Stack gap="xs">
        {isSent && method && (
          <Button
            variant="default"
            size="sm"
            fullWidth
            disabled={wait > 0 || sent?.sendsLeft === 0}
            loading={busy && !choosing}
            onClick={() => run(() => send(method.id), refused)}
          >
            {wait > 0 ? pageTexts.common.sendAgainIn(durationWords(wait)) : pageTexts.common.sendAgain}
          </Button>
        )}
        {others.length > 0 && (
          <Button variant="default" size="sm" fullWidth aria-expanded={choosing} onClick={() => setChoosing(!choosing)}>
            {pageTexts.enterCode.otherMethod}
          </Button>
        )}
      </Stack>
      {sent?.sendsLeft === 0 && (
        <Text size="sm" c="dimmed">
          {pageTexts.common.noSendsLeft}
        </Text>
      )}
      {choosing && (
        <ul className={classes.methods} aria-label={pageTexts.enterCode.otherMethods}>
          {others.map((choice) => (
            <li key={choice.id}>
              <UnstyledButton className={classes.method ?? ''} disabled={busy} onClick={() => choose(choice)}>
                <MethodIcon kind={choice.kind} />
                <span>{nameOf(choice)}</span>
                <ArrowIcon />
              </UnstyledButton>
            </li>
          ))}
        </ul>
      )}
      {failure && <FailureMessage failure={failure} />}
    </Stack>
  );
}

function nameOf({ kind, hint }: MethodChoice): string {
  if (kind === 'recovery_code') return pageTexts.enterCode.useRecoveryCode;
  return kind === 'totp' ? pageTexts.methodNames.totp : pageTexts.enterCode.methodWithHint(pageTexts.methodNames[kind], hint);
}
