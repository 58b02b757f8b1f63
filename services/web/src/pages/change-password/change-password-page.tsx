import { Button, Group, Stack, Text } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Link } from 'wouter';
import { changePassword } from '../../api/password.ts';
import { FailureMessage } from '../../components/failure-message.tsx';
import { focusFirstInvalid } from '../../components/focus-invalid.ts';
import { NewPasswordField, newPasswordProblem, weaknessIn } from '../../components/new-password-field.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { PasswordField } from '../../components/password-field.tsx';
import { useAction } from '../../components/use-action.ts';
import { useSession, useSignedIn } from '../../session/session-context.tsx';
import { pageTexts } from '../../texts/page-texts.ts';

const words = pageTexts.password;

/** Another password, in a session that stays. */
export default function ChangePasswordPage() {
  const { login } = useSignedIn();
  const { load } = useSession();
  const [password, setPassword] = useState('');
  const [newPassword, setNewPassword] = useState('');
  const [checked, setChecked] = useState(false);
  const [done, setDone] = useState(false);
  const { busy, failure, run, clear } = useAction();

  const missing = checked && !password;
  const problem = checked ? newPasswordProblem(newPassword) : null;
  const weakness = problem ?? (failure && weaknessIn(failure));
  const wrong = failure?.code === 'wrong_password';

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    setChecked(true);
    clear();
    if (!password || newPasswordProblem(newPassword)) return focusFirstInvalid(form);
    const changed = await run(async () => {
      await changePassword(password, newPassword);
      // Trust may be withdrawn by it, of this device too.
      await load();
      setDone(true);
    });
    if (!changed) focusFirstInvalid(form);
  };
  if (done) return <Changed />;
  return (
    <form onSubmit={submit} noValidate className="card setup-card">
      <Stack gap="md">
        <div>
          <PageHeading>{words.title}</PageHeading>
          <Text>{words.lead}</Text>
        </div>
        {/* So that password managers know whose password changes. */}
        <input type="text" name="username" autoComplete="username" value={login.loginName} readOnly hidden />
        <PasswordField
          label={pageTexts.newPassword.current}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={missing || wrong}
        />
        <NewPasswordField value={newPassword} onChange={(event) => setNewPassword(event.currentTarget.value)} error={Boolean(weakness)} />
        <FailureMessage failure={missing || weakness ? null : failure} text={missing ? pageTexts.newPassword.currentMissing : weakness} />
        <Group justify="space-between">
          <Button variant="default" component={Link} to="/security">
            {pageTexts.common.back}
          </Button>
          <Button type="submit" loading={busy}>
            {words.submit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Changed() {
  return (
    <div className="card setup-card">
      <Stack gap="md" align="flex-start">
        <PageHeading>{words.doneTitle}</PageHeading>
        <Text>{words.done}</Text>
        <Button component={Link} to="/security">
          {words.back}
        </Button>
      </Stack>
    </div>
  );
}
