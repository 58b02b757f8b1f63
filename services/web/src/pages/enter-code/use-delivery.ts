import { type DeliveryEvent, followDelivery } from '@latchkey/client';
import { useEffect, useState } from 'react';
import { api } from '../../api/client.ts';

/** What is known of a method's latest message; before the server has said anything, that it is queued. */
export type DeliveryNews = Pick<DeliveryEvent, 'state' | 'suggestion'>;

/** The latest state of each method's message, live while the page is open. */
export function useDelivery(attempt: string) {
  const [events, setEvents] = useState<Record<string, DeliveryNews>>({});
  const [interrupted, setInterrupted] = useState(false);

  useEffect(() => {
    const leaving = new AbortController();
    const onEvent = (event: DeliveryEvent) => setEvents((known) => ({ ...known, [event.methodId]: event }));
    const onConnection = (state: 'live' | 'lost' | 'closed') => setInterrupted(state === 'lost');
    void followDelivery(api, attempt, { onEvent, onConnection }, leaving.signal);
    return () => leaving.abort();
  }, [attempt]);

  /** A message is about to be sent: what was known is of the one before. Returns how to take that back. */
  const expectNews = (methodId: string) => {
    const before = events[methodId];
    setEvents((known) => ({ ...known, [methodId]: { state: 'queued' } }));
    return () => setEvents((known) => (before ? { ...known, [methodId]: before } : known));
  };
  return { events, interrupted, expectNews };
}
