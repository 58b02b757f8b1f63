import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { Link } from 'wouter';
import type { RequestFailed } from '@latchkey/client';
import { FailureMessage } from '../../components/failure-message.tsx';
import { focusFirstInvalid } from '../../components/focus-invalid.ts';
import { PageHeading } from '../../components/page-heading.tsx';
import { useAction } from '../../components/use-action.ts';
import { providerTexts } from '../../texts/provider-texts.ts';
import { pageTexts } from '../../texts/page-texts.ts';
import { looksLikeEmail } from './email-address.ts';
import { type Account, addAccount } from './provider-api.ts';

const words = providerTexts.addAccount;

type Field = 'name' | 'loginName' | 'emailAddress';
type Problems = Partial<Record<Field, string>>;
const empty = { name: '', loginName: '', emailAddress: '' };

/** The account's name, and who owns it; what is wrong is said at the field that it is about. */
export function AddAccountForm({ onAdded }: { onAdded: (account: Account, emailAddress: string) => void }) {
  const [values, setValues] = useState(empty);
  const [problems, setProblems] = useState<Problems>({});
  const form = useRef<HTMLFormElement>(null);
  const { busy, failure, run } = useAction();

  const show = (found: Problems) => {
    // At once: the focus goes to what is marked, also when the answer of the API marks it.
    flushSync(() => setProblems(found));
    if (form.current) focusFirstInvalid(form.current);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const found = problemsOf(values);
    show(found);
    if (Object.keys(found).length > 0) return;
    const owner = { loginName: values.loginName.trim(), emailAddress: values.emailAddress.trim() };
    await run(
      async () => onAdded(await addAccount({ name: values.name.trim(), owner }), owner.emailAddress),
      (refusal) => {
        const atField = problemOf(refusal);
        if (atField) show(atField);
        return atField !== null;
      },
    );
  };
  const field = (name: Field) => ({
    name,
    value: values[name],
    onChange: (event: { currentTarget: HTMLInputElement }) => {
      // Read now: when React asks for the new state the event is over.
      const { value } = event.currentTarget;
      setValues((before) => ({ ...before, [name]: value }));
      setProblems(({ [name]: _mended, ...others }) => others);
    },
    error: problems[name],
    autoComplete: 'off',
  });

  return (
    <form ref={form} onSubmit={submit} noValidate>
      <Stack gap="md">
        <div>
          <PageHeading takesFocus={false}>{words.title}</PageHeading>
          <Text>{words.lead}</Text>
        </div>
        <TextInput label={words.name} description={words.nameHint} maxLength={120} autoFocus {...field('name')} />
        <h2>{words.owner}</h2>
        <TextInput label={words.loginName} description={words.loginNameHint} maxLength={254} autoCapitalize="none" autoCorrect="off" spellCheck={false} {...field('loginName')} />
        <TextInput type="email" label={words.emailAddress} description={words.emailHint} maxLength={254} {...field('emailAddress')} />
        {failure && <FailureMessage failure={failure} />}
        <Group justify="space-between">
          <Button variant="default" component={Link} to="/provider/accounts">
            {pageTexts.common.cancel}
          </Button>
          <Button type="submit" loading={busy}>
            {words.submit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function problemsOf({ name, loginName, emailAddress }: typeof empty): Problems {
  return {
    ...(name.trim() === '' && { name: words.nameMissing }),
    ...(loginName.trim() === '' && { loginName: words.loginNameMissing }),
    ...(!looksLikeEmail(emailAddress) && { emailAddress: words.emailInvalid }),
  };
}

/** A refusal that is about one field; null when it is not. */
function problemOf({ code }: RequestFailed): Problems | null {
  if (code === 'login_name_taken') return { loginName: words.taken };
  if (code === 'unsupported_destination') return { emailAddress: words.emailRefused };
  return null;
}
