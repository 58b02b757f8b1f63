import { hostname } from 'node:os';
import type { Channel, RequestReply } from '@latchkey/contracts';
import type { Logger } from '@latchkey/platform';
import type { DataSource } from 'typeorm';
import type { Routing } from './routing.ts';

/** How often a worker says that it is there, and after how long of silence it counts as gone. */
const everyMs = 15_000;
const goneAfterMs = 45_000;

/** What each worker makes of each provider, for operators: written when a circuit changes, read by whoever is asked. */
export class ProviderStates {
  private readonly source: DataSource;
  private readonly worker = `${hostname()}:${process.pid}`;
  private readonly logger: Logger;
  private timer: NodeJS.Timeout | undefined;
  private tell: (() => Promise<void>) | undefined;

  constructor(source: DataSource, logger: Logger) {
    this.source = source;
    this.logger = logger;
  }

  start(routing: Routing, channels: readonly Channel[]): void {
    this.tell = () => this.write(routing, channels);
    this.changed();
    this.timer = setInterval(() => this.changed(), everyMs);
    this.timer.unref();
  }

  changed(): void {
    this.tell?.().catch((error: Error) => this.logger.warn({ reason: error.message }, 'states of providers not written'));
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.tell = undefined;
    await this.source.query('DELETE FROM provider_states WHERE worker = $1', [this.worker]).catch(() => undefined);
  }

  async list(now: Date): Promise<RequestReply<'delivery.providers'>['providers']> {
    const rows = (await this.source.query('SELECT worker, provider, channels, circuit, changed_at FROM provider_states WHERE seen_at > $1 ORDER BY provider, worker', [new Date(now.getTime() - goneAfterMs)])) as {
      worker: string;
      provider: string;
      channels: Channel[];
      circuit: 'closed' | 'half_open' | 'open';
      changed_at: Date;
    }[];
    return rows.map(({ changed_at: changedAt, ...row }) => ({ ...row, changedAt: changedAt.toISOString() }));
  }

  private async write(routing: Routing, channels: readonly Channel[]): Promise<void> {
    const states = routing.states(channels);
    await this.source.query(
      `WITH gone AS (DELETE FROM provider_states WHERE seen_at < now() - interval '1 hour')
       INSERT INTO provider_states (worker, provider, channels, circuit, changed_at, seen_at)
       SELECT $1, state->>'provider', ARRAY(SELECT jsonb_array_elements_text(state->'channels')), state->>'circuit', now(), now() FROM jsonb_array_elements($2::jsonb) AS state
       ON CONFLICT (worker, provider) DO UPDATE SET channels = EXCLUDED.channels, circuit = EXCLUDED.circuit, seen_at = EXCLUDED.seen_at,
         changed_at = CASE WHEN provider_states.circuit = EXCLUDED.circuit THEN provider_states.changed_at ELSE EXCLUDED.changed_at END`,
      [this.worker, JSON.stringify(states)],
    );
  }
}
