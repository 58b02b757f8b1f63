import { Button, Stack, Text } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import type { RequestFailed } from '@latchkey/client';
import { serverNow } from '../api/server-clock.ts';
import { describeFailure } from '../texts/describe-failure.ts';
import { texts } from '../texts/texts.ts';
import { useCountdown } from '../time/countdown.ts';
import { durationWords } from '../time/duration-words.ts';

/** Stands in for what could not be loaded; tries again when asked, and by itself when the network is back. */
export function LoadFailed({ failure, onRetry }: { failure: RequestFailed; onRetry: () => Promise<void> }) {
  const [busy, setBusy] = useState(false);
  const until = useMemo(() => serverNow() + (failure.retryAfterSeconds ?? 0) * 1000, [failure]);
  const left = useCountdown(until);

  const retry = async () => {
    setBusy(true);
    await onRetry();
    setBusy(false);
  };
  useEffect(() => {
    if (failure.code !== 'network_lost') return;
    const onOnline = () => void onRetry();
    addEventListener('online', onOnline);
    return () => removeEventListener('online', onOnline);
  }, [failure, onRetry]);

  return (
    <Stack align="flex-start" py="md">
      <div role="alert">
        <Text fw={600}>{texts.common.loadFailed}</Text>
        <Text>{describeFailure(failure)}</Text>
      </div>
      <Button variant="default" onClick={retry} loading={busy} disabled={left > 0}>
        {left > 0 ? texts.common.tryAgainIn(durationWords(left)) : texts.common.tryAgain}
      </Button>
    </Stack>
  );
}
