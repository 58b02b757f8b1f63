import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import { pageTexts } from '../texts/page-texts.ts';
import { FailureMessage } from './failure-message.tsx';
import { PasswordField } from './password-field.tsx';
import { useAction } from './use-action.ts';

interface PasswordDialogProps {
  opened: boolean;
  title: string;
  text: string;
  /** The name of the button that does it. */
  action: string;
  onConfirm: (password: string) => Promise<unknown>;
  onClose: () => void;
}

/** Asks for the password before something that makes the login less safe. */
export function PasswordDialog({ opened, title, text, action, onConfirm, onClose }: PasswordDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ 'aria-label': pageTexts.common.close }}>
      <PasswordForm text={text} action={action} onConfirm={onConfirm} onClose={onClose} />
    </Modal>
  );
}

function PasswordForm({ text, action, onConfirm, onClose }: Omit<PasswordDialogProps, 'opened' | 'title'>) {
  const [password, setPassword] = useState('');
  const [missing, setMissing] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const { busy, failure, run } = useAction();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setMissing(password === '');
    if (password !== '' && (await run(() => onConfirm(password)))) return onClose();
    field.current?.select();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="xs">
        <Text>{text}</Text>
        <PasswordField
          ref={field}
          data-autofocus
          description={pageTexts.security.passwordToConfirm}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={missing || failure?.code === 'wrong_password'}
        />
        <FailureMessage failure={failure} text={missing ? pageTexts.setup.passwordMissing : null} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {pageTexts.common.cancel}
          </Button>
          <Button type="submit" loading={busy}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
