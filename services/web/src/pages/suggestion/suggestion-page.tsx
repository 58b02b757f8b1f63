import { Button, Stack, Text } from '@mantine/core';
import { useHistoryState } from 'wouter/use-browser-location';
import { PageHeading } from '../../components/page-heading.tsx';
import { useGoOn } from '../../session/go-on.tsx';
import { safeReturnPath } from '../../session/return-path.ts';
import { pageTexts } from '../../texts/page-texts.ts';

const words = pageTexts.suggestion;

/** After a login with the password alone, where the service provider suggests two-factor; nobody has to. */
export default function SuggestionPage() {
  const arrival = useHistoryState<{ next?: string } | null>();
  const goOn = useGoOn();
  return (
    <Stack gap="md">
      <PageHeading>{words.title}</PageHeading>
      <Text>{words.text}</Text>
      <Stack gap="xs" mt="sm">
        <Button fullWidth onClick={() => goOn('/security/set-up')}>
          {pageTexts.security.setUp}
        </Button>
        <Button fullWidth variant="default" onClick={() => goOn(safeReturnPath(arrival?.next ?? null))}>
          {words.later}
        </Button>
      </Stack>
    </Stack>
  );
}
