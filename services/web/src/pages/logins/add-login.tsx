import { Button, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import { addLogin } from '../../api/account.ts';
import { FailureMessage } from '../../components/failure-message.tsx';
import { focusFirstInvalid } from '../../components/focus-invalid.ts';
import { useAction } from '../../components/use-action.ts';
import { pageTexts } from '../../texts/page-texts.ts';
import { texts } from '../../texts/texts.ts';

const words = pageTexts.logins;
const looksLikeEmail = (text: string) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text.trim());

/** Another login of the account: a name, and the mailbox that the invitation goes to. */
export function AddLogin({ onAdded }: { onAdded: (loginName: string) => Promise<void> }) {
  const [loginName, setLoginName] = useState('');
  const [emailAddress, setEmailAddress] = useState('');
  const [checked, setChecked] = useState(false);
  const nameField = useRef<HTMLInputElement>(null);
  const { busy, failure, run, clear } = useAction();

  const refusedFields = failure?.code === 'invalid_request' ? failure.issues.map(({ path }) => path) : [];
  const nameProblem = checked && !loginName.trim() ? words.nameMissing : refusedFields.includes('loginName') ? words.nameUnfit : null;
  const emailProblem = (checked && !looksLikeEmail(emailAddress)) || refusedFields.includes('emailAddress') ? words.emailInvalid : null;

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    setChecked(true);
    clear();
    if (!loginName.trim() || !looksLikeEmail(emailAddress)) return focusFirstInvalid(form);
    const added = await run(async () => {
      await addLogin(loginName.trim(), emailAddress.trim());
      await onAdded(loginName.trim());
    });
    if (!added) return focusFirstInvalid(form);
    setLoginName('');
    setEmailAddress('');
    setChecked(false);
    nameField.current?.focus();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <Text c="dimmed">{words.addText}</Text>
        <TextInput
          ref={nameField}
          label={texts.signIn.loginName}
          description={words.nameHint}
          name="new-login"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={254}
          value={loginName}
          onChange={(event) => setLoginName(event.currentTarget.value)}
          error={nameProblem !== null || failure?.code === 'login_name_taken'}
        />
        <TextInput
          type="email"
          label={words.emailAddress}
          name="new-login-email"
          autoComplete="off"
          maxLength={254}
          value={emailAddress}
          onChange={(event) => setEmailAddress(event.currentTarget.value)}
          error={emailProblem !== null || failure?.code === 'unsupported_destination'}
        />
        <div>
          <FailureMessage failure={nameProblem || emailProblem ? null : failure} text={nameProblem ?? emailProblem} />
          <Button type="submit" loading={busy}>
            {words.invite}
          </Button>
        </div>
      </Stack>
    </form>
  );
}
