import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import { FailureMessage } from '../../components/failure-message.tsx';
import { useAction } from '../../components/use-action.ts';
import { providerTexts } from '../../texts/provider-texts.ts';
import { pageTexts } from '../../texts/page-texts.ts';
import classes from './customer-page.module.css';
import { turnOffTwoFactor } from './provider-api.ts';

const words = providerTexts.turnOff;

interface TurnOffDialogProps {
  opened: boolean;
  customer: { id: string; loginName: string };
  /** The provider requires two-factor, so that it comes back. */
  required: boolean;
  onDone: (already: boolean) => void;
  onClose: () => void;
}

/** Says what turning two-factor off for a customer does, and asks why. */
export function TurnOffDialog({ opened, onClose, ...form }: TurnOffDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={words.title(form.customer.loginName)} closeButtonProps={{ 'aria-label': pageTexts.common.close }}>
      <ReasonForm onClose={onClose} {...form} />
    </Modal>
  );
}

function ReasonForm({ customer, required, onDone, onClose }: Omit<TurnOffDialogProps, 'opened'>) {
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const { busy, failure, run } = useAction();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const written = reason.replace(/\p{Cc}+/gu, ' ').trim();
    setMissing(written === '');
    if (written === '') return field.current?.focus();
    let already = false;
    const done = await run(
      () => turnOffTwoFactor(customer.id, written),
      // Somebody else was faster: what was wanted is so.
      ({ code }) => (already = code === 'two_factor_off'),
    );
    if (done || already) onDone(already);
    else field.current?.focus();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="xs">
        <Text fw={600}>{words.sure}</Text>
        <ul className={classes.consequences}>
          {[...words.consequences, ...(required ? [words.thenSetUp] : [])].map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
        <TextInput
          ref={field}
          data-autofocus
          label={words.reason}
          description={words.reasonHint}
          value={reason}
          onChange={(event) => (setReason(event.currentTarget.value), setMissing(false))}
          error={missing}
          required
          withAsterisk={false}
          maxLength={500}
          autoComplete="off"
        />
        <FailureMessage failure={failure} text={missing ? words.reasonMissing : null} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {pageTexts.common.cancel}
          </Button>
          <Button type="submit" loading={busy}>
            {providerTexts.customer.turnOff}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
