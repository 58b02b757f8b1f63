import type { Session } from '@latchkey/contracts';
import { Button, Stack, Text } from '@mantine/core';
import { PageHeading } from '../../components/page-heading.tsx';
import { useGoOn } from '../../session/go-on.tsx';
import { pageTexts } from '../../texts/page-texts.ts';

const words = pageTexts.reset;

/** Two-factor is off and the person is in: what that means, and setting it up again. */
export function ResetDone({ session, next }: { session: Session; next: string }) {
  const goOn = useGoOn();
  return (
    <Stack gap="md">
      <PageHeading>{words.doneTitle}</PageHeading>
      <Text>{session.setupRequired ? words.doneRequired : words.done}</Text>
      <Stack gap="xs">
        <Button fullWidth onClick={() => goOn('/security/set-up')}>
          {pageTexts.security.setUp}
        </Button>
        {!session.setupRequired && (
          <Button fullWidth variant="default" onClick={() => goOn(next)}>
            {words.later}
          </Button>
        )}
      </Stack>
    </Stack>
  );
}
