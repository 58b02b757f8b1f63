import { Button, Stack, Text } from '@mantine/core';
import { Link } from 'wouter';
import { PageHeading } from '../../components/page-heading.tsx';
import { pageTexts } from '../../texts/page-texts.ts';

const words = pageTexts.link;

export type EmailedLink = 'invitation' | 'new_password' | 'not_me';

const wayOn: Record<EmailedLink, { text: string; to: string; action: string }> = {
  invitation: { text: words.overInvitation, to: '/sign-in', action: words.signIn },
  new_password: { text: words.overNewPassword, to: '/forgot-password', action: words.askAgain },
  not_me: { text: words.overNotMe, to: '/forgot-password', action: words.chooseNewPassword },
};

/** A link that does nothing any more, or never was whole: why, and the way on. */
export function LinkOver({ link, incomplete = false }: { link: EmailedLink; incomplete?: boolean }) {
  const { text, to, action } = wayOn[link];
  return (
    <Stack gap="md">
      <PageHeading>{incomplete ? words.incompleteTitle : words.overTitle}</PageHeading>
      <Text>{incomplete ? words.incomplete : words.over}</Text>
      {!incomplete && <Text>{text}</Text>}
      <Button component={Link} to={to} fullWidth>
        {action}
      </Button>
    </Stack>
  );
}
