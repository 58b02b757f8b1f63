import { Button, Stack, Text } from '@mantine/core';
import { Link } from 'wouter';
import { PageHeading } from '../../components/page-heading.tsx';
import { texts } from '../../texts/texts.ts';

/** An address that leads nowhere. */
export default function NotFoundPage() {
  return (
    <Stack gap="md">
      <PageHeading>{texts.notFound.title}</PageHeading>
      <Text>{texts.notFound.text}</Text>
      <Button component={Link} to="/">
        {texts.notFound.home}
      </Button>
    </Stack>
  );
}
