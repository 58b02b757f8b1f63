import { Button, Stack, Text } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import { Link } from 'wouter';
import { FailureMessage } from '../../components/failure-message.tsx';
import { NewPasswordField, newPasswordProblem, weaknessIn } from '../../components/new-password-field.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { useAction } from '../../components/use-action.ts';
import { pageTexts } from '../../texts/page-texts.ts';
import { type EmailedLink, LinkOver } from './link-over.tsx';
import { clearLinkSecret, useLinkSecret } from './use-link-secret.ts';

interface ChoosePasswordProps {
  link: EmailedLink;
  words: { title: string; lead: string; submit: string; doneTitle: string; done: string };
  onChoose: (secret: string, password: string) => Promise<unknown>;
}

/** A password by an emailed link: an invited person’s first one, or a new one. It signs nobody in. */
export function ChoosePassword({ link, words, onChoose }: ChoosePasswordProps) {
  const secret = useLinkSecret();
  const [done, setDone] = useState(false);
  if (done) return <Chosen title={words.doneTitle} text={words.done} />;
  if (!secret) return <LinkOver link={link} incomplete />;
  return <Choose key={secret} secret={secret} link={link} words={words} onChoose={onChoose} onDone={() => setDone(true)} />;
}

function Choose({ secret, link, words, onChoose, onDone }: ChoosePasswordProps & { secret: string; onDone: () => void }) {
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const { busy, failure, run } = useAction();
  if (failure?.code === 'link_over') return <LinkOver link={link} />;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const found = newPasswordProblem(password);
    setProblem(found);
    if (found) return field.current?.focus();
    const chosen = await run(async () => {
      await onChoose(secret, password);
      clearLinkSecret();
      onDone();
    });
    if (!chosen) field.current?.select();
  };
  const weakness = problem ?? (failure && weaknessIn(failure));
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <PageHeading>{words.title}</PageHeading>
        <Text>{words.lead}</Text>
        <NewPasswordField ref={field} value={password} onChange={(event) => setPassword(event.currentTarget.value)} error={Boolean(weakness)} />
        <div>
          <FailureMessage failure={weakness ? null : failure} text={weakness} />
          <Button type="submit" fullWidth mt="xs" loading={busy}>
            {words.submit}
          </Button>
        </div>
      </Stack>
    </form>
  );
}

function Chosen({ title, text }: { title: string; text: string }) {
  return (
    <Stack gap="md">
      <PageHeading>{title}</PageHeading>
      <Text>{text}</Text>
      <Button component={Link} to="/sign-in" fullWidth>
        {pageTexts.link.signIn}
      </Button>
    </Stack>
  );
}
