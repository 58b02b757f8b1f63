import { Button, Stack, Text } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { texts } from '../texts/texts.ts';

/** A page whose code did not arrive (lost network, a newer release) or broke: says so and offers to load again. */
export class CatchPageFault extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <Stack align="flex-start" p="xl" role="alert">
        <Text fw={600}>{texts.common.pageFailed}</Text>
        <Text>{texts.failures.network_lost}</Text>
        <Button onClick={() => location.reload()}>{texts.common.reload}</Button>
      </Stack>
    );
  }
}
