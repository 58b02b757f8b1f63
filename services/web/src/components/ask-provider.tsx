import type { Problem } from '@latchkey/client';
import { Anchor, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { pageTexts } from '../texts/page-texts.ts';
import classes from './ask-provider.module.css';
import { PageHeading } from './page-heading.tsx';

const words = pageTexts.provider;

interface AskProviderProps {
  provider: Problem['provider'];
  /** Why nobody else can help. */
  reason: string;
  /** The way back. */
  children: ReactNode;
}

/** Where the person can't go on alone: whom to call, and why. */
export function AskProvider({ provider, reason, children }: AskProviderProps) {
  return (
    <Stack gap="md">
      <PageHeading>{words.title}</PageHeading>
      <Text>{reason}</Text>
      {provider && (
        <dl className={classes.contact}>
          <dt>{words.name}</dt>
          <dd>{provider.name}</dd>
          {provider.phone && (
            <>
              <dt>{words.phone}</dt>
              <dd>
                <Anchor href={`tel:${provider.phone.replace(/[^+\d]/g, '')}`}>{provider.phone}</Anchor>
              </dd>
            </>
          )}
          {provider.email && (
            <>
              <dt>{words.email}</dt>
              <dd>
                <Anchor href={`mailto:${encodeURI(provider.email)}`}>{provider.email}</Anchor>
              </dd>
            </>
          )}
        </dl>
      )}
      {children}
    </Stack>
  );
}
