import { Button, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { FailureMessage } from '../../components/failure-message.tsx';
import { useAction } from '../../components/use-action.ts';
import { serverNow } from '../../api/server-clock.ts';
import { providerTexts } from '../../texts/provider-texts.ts';
import { dateWords, lastSeenWords } from '../../time/date-words.ts';
import classes from './customer-page.module.css';
import { momentWords } from './moment-words.ts';
import { type Customer, inviteAgain } from './provider-api.ts';

const words = providerTexts.customer;

/** Who the login belongs to, for comparing with what the person on the phone says. */
export function CustomerFacts({ customer, onNews }: { customer: Customer; onNews: (text: string) => void }) {
  const { account, role, email, invited, lastLoginAt, createdAt } = customer;
  return (
    <div className={`card ${classes.facts}`}>
      <dl>
        <Fact name={words.account}>{account.name}</Fact>
        <Fact name={words.role}>{providerTexts.roles[role]}</Fact>
        <Fact name={words.email} long>{email ?? words.noEmail}</Fact>
        <Fact name={words.lastLogin} long>{lastLoginAt ? <LastLogin at={lastLoginAt} /> : words.never}</Fact>
        <Fact name={words.since}>{dateWords(createdAt)}</Fact>
      </dl>
      {invited && <Invited customer={customer} onNews={onNews} />}
    </div>
  );
}

function Invited({ customer: { id, email }, onNews }: { customer: Customer; onNews: (text: string) => void }) {
  const { busy, failure, run } = useAction();
  const invite = async () => {
    if (await run(() => inviteAgain(id))) onNews(words.sentAgain);
  };
  return (
    <>
      <Text mt="sm">{words.invited}</Text>
      {email && (
        <>
          <FailureMessage failure={failure} />
          <Button variant="default" size="sm" loading={busy} onClick={invite}>
            {words.sendAgain}
          </Button>
        </>
      )}
    </>
  );
}

function LastLogin({ at }: { at: string }) {
  const now = serverNow();
  const [exact, age] = [momentWords(at, now), lastSeenWords(at, now)];
  return (
    <time dateTime={at}>
      {exact}
      {!exact.startsWith(age) && ` (${age})`}
    </time>
  );
}

function Fact({ name, long, children }: { name: string; long?: boolean; children: ReactNode }) {
  return (
    <div data-long={long}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
