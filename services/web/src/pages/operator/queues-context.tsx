import { createContext, type ReactNode, use, useEffect, useState } from 'react';
import { type Queues, readQueues } from './operator-api.ts';
import { addSample, isDead, type Sample } from './queue-history.ts';
import { type Live, useLive } from './use-live.ts';

const everyMs = 3_000;

interface WatchedQueues {
  live: Live<Queues>;
  samples: readonly Sample[];
}

const QueuesContext = createContext<WatchedQueues | null>(null);

/** Watches the queues on every operators' page, so that the charts have no gap when one comes back to them. */
export function WatchQueues({ children }: { children: ReactNode }) {
  const live = useLive(readQueues, everyMs);
  const [samples, setSamples] = useState<readonly Sample[]>([]);
  const { data, at } = live;
  useEffect(() => {
    if (data && at !== null) setSamples((before) => (before.at(-1)?.at === at ? before : addSample(before, data, at)));
  }, [data, at]);
  return <QueuesContext value={{ live, samples }}>{children}</QueuesContext>;
}

export function useQueues(): WatchedQueues {
  const value = use(QueuesContext);
  if (!value) throw new Error('useQueues outside of WatchQueues');
  return value;
}

/** How many lie dead in all queues; what is being looked at is in hand and still there. */
export function deadLettersIn({ queues }: Queues): number {
  return queues.filter(({ name }) => isDead(name)).reduce((sum, { ready, unacked }) => sum + ready + (unacked ?? 0), 0);
}
