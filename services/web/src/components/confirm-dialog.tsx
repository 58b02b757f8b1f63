import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { pageTexts } from '../texts/page-texts.ts';
import { FailureMessage } from './failure-message.tsx';
import { useAction } from './use-action.ts';

interface ConfirmDialogProps {
  opened: boolean;
  title: string;
  text: string;
  /** The name of the button that does it. */
  action: string;
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
}

/** Asks once more before something that can't be undone; the focus is on the way out. */
export function ConfirmDialog({ opened, title, text, action, onConfirm, onClose }: ConfirmDialogProps) {
  const { busy, failure, run, clear } = useAction();
  const close = () => {
    clear();
    onClose();
  };
  const confirm = async () => (await run(onConfirm)) && onClose();
  return (
    <Modal opened={opened} onClose={close} title={title} closeButtonProps={{ 'aria-label': pageTexts.common.close }}>
      <Stack gap="xs">
        <Text>{text}</Text>
        <FailureMessage failure={failure} />
        <Group justify="flex-end">
          <Button variant="default" data-autofocus onClick={close}>
            {pageTexts.common.cancel}
          </Button>
          <Button onClick={confirm} loading={busy}>
            {action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
