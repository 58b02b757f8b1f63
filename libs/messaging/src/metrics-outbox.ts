import { Gauge, type Registry } from 'prom-client';
import type { OutboxExecutor } from './outbox.ts';

const waitingSql = 'SELECT count(*)::int AS rows, coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::float AS seconds FROM outbox';

type Waiting = { rows: number; seconds: number };
const notKnown: Waiting = { rows: Number.NaN, seconds: Number.NaN };

/**
 * Facts that were stored and not published yet: how many, and how old the oldest is. Asked once a scrape; with the
 * database away there is no number, and the other metrics are still told.
 */
export function watchOutbox(registry: Registry, source: OutboxExecutor & { isInitialized: boolean }): void {
  let asking: Promise<Waiting> | undefined;
  const waiting = () => (asking ??= ask(source).finally(() => (asking = undefined)));
  const gauge = (name: string, help: string, of: (found: Waiting) => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        this.set(of(await waiting()));
      },
    });
  gauge('latchkey_outbox_rows', 'Facts stored and not published yet', ({ rows }) => rows);
  gauge('latchkey_outbox_lag_seconds', 'Age of the oldest fact that is not published yet; 0 when there is none', ({ seconds }) => seconds);
}

async function ask(source: OutboxExecutor & { isInitialized: boolean }): Promise<Waiting> {
  if (!source.isInitialized) return notKnown;
  try {
    const [found] = (await source.query(waitingSql)) as Waiting[];
    return found ?? notKnown;
  } catch {
    return notKnown;
  }
}
