import { createParser } from 'eventsource-parser';
import type { LatchkeyClient } from './create-client.ts';
import type { Schemas } from './operations.ts';

export type DeliveryEvent = Schemas['DeliveryEvent'];

/** Answers that a new try will not change: the attempt is over, unknown, or was never ours. */
const finalStatuses = new Set([400, 401, 403, 404, 410]);

/** A stream that lived this long was a good one. */
const steadyMs = 5000;

export interface DeliveryListener {
  /** A stream that was lost begins anew with all that happened so far. */
  onEvent: (event: DeliveryEvent) => void;
  onConnection?: (state: 'live' | 'lost' | 'closed') => void;
}

type Client = Pick<LatchkeyClient, 'openDeliveryStream'>;

/** Follows what happens to the codes of a login attempt until it is over or `signal` aborts; reconnects as EventSource would. */
export async function followDelivery(client: Client, attempt: string, listener: DeliveryListener, signal: AbortSignal): Promise<void> {
  for (let failures = 0; !signal.aborted; ) {
    const begun = Date.now();
    const outcome = await readStream(client, attempt, listener, signal);
    if (signal.aborted) return;
    if (outcome === 'closed') return listener.onConnection?.('closed');
    // A stream that ends as soon as it began is no better than none: it must not be asked for again every second.
    const lasted = outcome === 'ended' && Date.now() - begun > steadyMs;
    failures = lasted ? 0 : failures + 1;
    if (outcome === 'failed') listener.onConnection?.('lost');
    await wait(reconnectDelay(failures), signal);
  }
}

async function readStream(client: Client, attempt: string, listener: DeliveryListener, signal: AbortSignal) {
  let live = false;
  try {
    const response = await client.openDeliveryStream(attempt, signal);
    if (finalStatuses.has(response.status)) return 'closed';
    if (!response.ok || !response.body) return 'failed';
    listener.onConnection?.('live');
    live = true;
    await readEvents(response.body, listener.onEvent);
    return 'ended';
  } catch {
    return live ? 'ended' : 'failed';
  }
}

/** Hands over every well-formed `delivery` event of a stream of server-sent events. */
export async function readEvents(body: ReadableStream<Uint8Array>, onEvent: (event: DeliveryEvent) => void) {
  const parser = createParser({
    onEvent: ({ event, data }) => {
      const delivery = event === 'delivery' ? parseDelivery(data) : null;
      if (delivery) onEvent(delivery);
    },
  });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    parser.feed(decoder.decode(value, { stream: true }));
  }
}

function parseDelivery(data: string): DeliveryEvent | null {
  try {
    const event = JSON.parse(data) as Partial<DeliveryEvent> | null;
    return event?.methodId && event.state && event.at ? (event as DeliveryEvent) : null;
  } catch {
    return null;
  }
}

/** Milliseconds before connecting again: at once after a stream that ended well, then growing to 15 s, spread out. */
export function reconnectDelay(failures: number, random = Math.random): number {
  const longest = Math.min(15_000, 1000 * 2 ** Math.max(0, failures - 1));
  return Math.round(longest * (0.5 + random() / 2));
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
