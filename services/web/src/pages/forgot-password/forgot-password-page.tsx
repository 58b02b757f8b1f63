import { Anchor, Button, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import { Link } from 'wouter';
import { useHistoryState } from 'wouter/use-browser-location';
import { forgotPassword } from '../../api/password.ts';
import { FailureMessage } from '../../components/failure-message.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { useAction } from '../../components/use-action.ts';
import { pageTexts } from '../../texts/page-texts.ts';
import { texts } from '../../texts/texts.ts';

const words = pageTexts.forgot;

/** Has a link emailed by which a new password is chosen. Says the same whether there is such a login or not. */
export default function ForgotPasswordPage() {
  const arrival = useHistoryState<{ loginName?: string } | null>();
  const [loginName, setLoginName] = useState(arrival?.loginName ?? '');
  const [missing, setMissing] = useState(false);
  const [askedFor, setAskedFor] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const { busy, failure, run } = useAction();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const name = loginName.trim();
    setMissing(!name);
    if (!name) return field.current?.focus();
    await run(async () => {
      await forgotPassword(name);
      setAskedFor(name);
    });
  };
  if (askedFor !== null) return <LinkSent loginName={askedFor} onOtherName={() => setAskedFor(null)} />;
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <div>
          <PageHeading takesFocus={false}>{words.title}</PageHeading>
          <Text>{words.lead}</Text>
        </div>
        <TextInput
          ref={field}
          label={texts.signIn.loginName}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={254}
          autoFocus
          value={loginName}
          onChange={(event) => setLoginName(event.currentTarget.value)}
          error={missing}
        />
        <div>
          <FailureMessage failure={missing ? null : failure} text={missing ? words.missing : null} />
          <Button type="submit" fullWidth mt="xs" loading={busy}>
            {words.submit}
          </Button>
        </div>
        <Anchor component={Link} to="/sign-in">
          {words.toSignIn}
        </Anchor>
      </Stack>
    </form>
  );
}

function LinkSent({ loginName, onOtherName }: { loginName: string; onOtherName: () => void }) {
  return (
    <Stack gap="md">
      <PageHeading>{words.sentTitle}</PageHeading>
      <Text>{words.sent(loginName)}</Text>
      <Text c="dimmed">{words.nothingCame}</Text>
      <Button variant="default" fullWidth onClick={onOtherName}>
        {words.otherName}
      </Button>
      <Anchor component={Link} to="/sign-in">
        {words.toSignIn}
      </Anchor>
    </Stack>
  );
}
