import { Button, Stack, Text } from '@mantine/core';
import { Link } from 'wouter';
import { PageHeading } from '../../components/page-heading.tsx';
import { pageTexts } from '../../texts/page-texts.ts';

/** An address that leads nowhere. */
export default function NotFoundPage() {
  return (
    <Stack gap="md">
      <PageHeading>{pageTexts.notFound.title}</PageHeading>
      <Text>{pageTexts.notFound.text}</Text>
      <Button component={Link} to="/">
        {pageTexts.notFound.home}
      </Button>
    </Stack>
  );
}
