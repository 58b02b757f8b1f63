import { Button, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'wouter';
import { sayNotMe } from '../../api/password.ts';
import { FailureMessage } from '../../components/failure-message.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { Points } from '../../components/points.tsx';
import { useAction } from '../../components/use-action.ts';
import { pageTexts } from '../../texts/page-texts.ts';
import { LinkOver } from './link-over.tsx';
import { clearLinkSecret, useLinkSecret } from './use-link-secret.ts';

const words = pageTexts.notMe;

/** "This wasn't me", from a notice: what pressing the button does, and then what comes next. */
export function NotMe() {
  const secret = useLinkSecret();
  const [done, setDone] = useState(false);
  if (done) return <WhatNext />;
  if (!secret) return <LinkOver link="not_me" incomplete />;
  return <SayNotMe key={secret} secret={secret} onDone={() => setDone(true)} />;
}

function SayNotMe({ secret, onDone }: { secret: string; onDone: () => void }) {
  const { busy, failure, run } = useAction();
  if (failure?.code === 'link_over') return <LinkOver link="not_me" />;

  const say = () =>
    run(async () => {
      await sayNotMe(secret);
      clearLinkSecret();
      onDone();
    });
  return (
    <Stack gap="md">
      <PageHeading>{words.title}</PageHeading>
      <div>
        <Text mb="xs">{words.lead}</Text>
        <Points items={words.does} />
      </div>
      <Text c="dimmed">{words.wasMe}</Text>
      <Button fullWidth onClick={say} loading={busy}>
        {words.submit}
      </Button>
      {failure && <FailureMessage failure={failure} />}
    </Stack>
  );
}

function WhatNext() {
  return (
    <Stack gap="md">
      <PageHeading>{words.doneTitle}</PageHeading>
      <div>
        <Text mb="xs">{words.doneLead}</Text>
        <Points items={words.next} numbered />
      </div>
      <Button component={Link} to="/forgot-password" fullWidth>
        {words.sendLink}
      </Button>
    </Stack>
  );
}
