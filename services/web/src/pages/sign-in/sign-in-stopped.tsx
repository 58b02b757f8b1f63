import type { RequestFailed } from '@latchkey/client';
import { Button, Stack, Text } from '@mantine/core';
import { AskProvider } from '../../components/ask-provider.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { pageTexts } from '../../texts/page-texts.ts';

const words = pageTexts.newPasswordRequired;

/** The password was right, and yet the way leads elsewhere: to the mailbox, or to the service provider. */
export default function SignInStopped({ failure, onBack }: { failure: RequestFailed; onBack: () => void }) {
  const back = (
    <Button variant="default" fullWidth onClick={onBack}>
      {pageTexts.forgot.toSignIn}
    </Button>
  );
  if (failure.code === 'ask_service_provider') {
    return (
      <AskProvider provider={failure.provider} reason={pageTexts.provider.noMailbox}>
        {back}
      </AskProvider>
    );
  }
  return (
    <Stack gap="md">
      <PageHeading>{words.title}</PageHeading>
      <Text>{words.text}</Text>
      {back}
    </Stack>
  );
}
