import type { AddMethodRequest } from '@latchkey/contracts';
import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Link } from 'wouter';
import { addMethod } from '../../api/two-factor.ts';
import { FailureMessage } from '../../components/failure-message.tsx';
import { focusFirstInvalid } from '../../components/focus-invalid.ts';
import { PageHeading } from '../../components/page-heading.tsx';
import { PasswordField } from '../../components/password-field.tsx';
import { useAction } from '../../components/use-action.ts';
import { pageTexts } from '../../texts/page-texts.ts';
import { PhoneField } from './phone-field.tsx';
import type { Phone } from './phone-number.ts';
import { startingCountry, wholePhoneNumber } from './phone-number.ts';
import type { SetUpKind } from './set-up-kinds.ts';
import type { PendingMethod } from './set-up-method-page.tsx';

const words = pageTexts.setup;
const titles = { sms: words.smsTitle, email: words.emailTitle, totp: words.totpTitle };

interface DescribeMethodProps {
  kind: SetUpKind;
  /** Off while the next step is shown. */
  active: boolean;
  onAdded: (pending: PendingMethod) => void;
}

/** Where the codes of the new method go, and the password, so that nobody else sets it. */
export function DescribeMethod({ kind, active, onAdded }: DescribeMethodProps) {
  const [phone, setPhone] = useState<Phone>(() => ({ country: startingCountry(navigator.languages), text: '' }));
  const [emailAddress, setEmailAddress] = useState('');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const { busy, failure, run } = useAction();

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const problem = destinationProblem() ?? (password ? null : words.passwordMissing);
    setProblem(problem);
    if (problem) return focusFirstInvalid(form);
    const request = describe();
    const added = await run(async () => onAdded({ request, answer: await addMethod(request) }));
    if (!added) focusFirstInvalid(form);
  };
  const destinationProblem = () => {
    if (kind === 'sms' && !wholePhoneNumber(phone)) return words.phoneInvalid;
    if (kind === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(emailAddress.trim())) return words.emailInvalid;
    return null;
  };
  const describe = (): AddMethodRequest => {
    if (kind === 'sms') return { kind, password, phoneNumber: wholePhoneNumber(phone) ?? phone.text };
    if (kind === 'email') return { kind, password, emailAddress: emailAddress.trim() };
    return { kind, password };
  };
  const badDestination = problem === words.phoneInvalid || problem === words.emailInvalid
    || failure?.code === 'unsupported_destination';

  return (
    <form onSubmit={submit} noValidate className="card setup-card">
      <Stack gap="md">
        {active && <PageHeading>{titles[kind]}</PageHeading>}
        {kind === 'totp' && <Text>{words.totpLead}</Text>}
        {kind === 'sms' && <PhoneField phone={phone} onChange={setPhone} wrong={badDestination} />}
        {kind === 'email' && (
          <TextInput
            type="email"
            label={words.emailAddress}
            description={words.emailHint}
            name="email"
            autoComplete="email"
            maxLength={254}
            value={emailAddress}
            onChange={(event) => setEmailAddress(event.currentTarget.value)}
            error={badDestination}
          />
        )}
        <PasswordField
          description={words.passwordHint}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={problem === words.passwordMissing || failure?.code === 'wrong_password'}
        />
        <FailureMessage failure={problem ? null : failure} text={problem} />
        <Group justify="space-between">
          <Button variant="default" component={Link} to="/security/set-up">
            {pageTexts.common.back}
          </Button>
          <Button type="submit" loading={busy}>
            {kind === 'totp' ? words.showQr : words.sendCode}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
