import { hostname } from 'node:os';
import { type Channel, Refusal, type RequestPayload, type RequestReply } from '@latchkey/contracts';
import type { AmqpServer } from '@latchkey/messaging';
import type { Logger } from '@latchkey/platform';
import type { DataSource } from 'typeorm';
import type { Routing } from '../routing/routing.ts';
import type { ProviderStates } from '../routing/provider-states.ts';

/** How soon each worker does what an operator wants, and says that it is there. */
const everyMs = 1_000;
const goneAfterMs = 15_000;
const channels: readonly Channel[] = ['sms', 'email'];

type Kind = 'provider' | 'channel' | 'worker';
type Controls = RequestReply<'delivery.controls'>;

/**
 * What operators turn off: a provider is not asked any more, a channel's messages stay in their queue, a worker takes no
 * more. It stands in the database, so that every worker follows it and one that starts later too.
 */
export class DeliveryControls {
  readonly worker = `${hostname()}:${process.pid}`;
  private readonly source: DataSource;
  private readonly states: ProviderStates;
  private readonly logger: Logger;
  private readonly startedAt = new Date();
  private following: { server: AmqpServer; routing: Routing; channels: readonly Channel[] } | undefined;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(parts: { source: DataSource; providerStates: ProviderStates; logger: Logger }) {
    this.source = parts.source;
    this.states = parts.providerStates;
    this.logger = parts.logger;
  }

  /** Before the worker takes anything. That an earlier process of its name was drained is not about this one. */
  async start(following: { server: AmqpServer; routing: Routing; channels: readonly Channel[] }): Promise<void> {
    this.following = following;
    await this.source.query(`DELETE FROM switched_off WHERE kind = 'worker' AND name = $1`, [this.worker]);
    await this.follow();
    const again = () => {
      this.timer = setTimeout(() => {
        this.running = this.follow()
          .catch((error: Error) => this.logger.warn({ reason: error.message }, 'not known what operators turned off, going on as before'))
          .finally(() => this.following && again());
      }, everyMs);
    };
    again();
  }

  async stop(): Promise<void> {
    this.following = undefined;
    clearTimeout(this.timer);
    await this.running;
    await this.source.query('DELETE FROM workers WHERE worker = $1', [this.worker]).catch(() => undefined);
  }

  async read(): Promise<Controls> {
    const [known, off] = await Promise.all([this.states.list(new Date()), this.switchedOff()]);
    const names = [...new Set([...known.map(({ provider }) => provider), ...off.get('provider')])].sort();
    return {
      providers: names.map((provider) => ({ provider, on: !off.get('provider').has(provider), workers: known.filter((one) => one.provider === provider).map(({ provider: _same, ...state }) => state) })),
      channels: channels.map((channel) => ({ channel, paused: off.get('channel').has(channel) })),
    };
  }

  async setProvider({ provider, on }: RequestPayload<'delivery.set-provider'>): Promise<Controls> {
    const { providers } = await this.read();
    if (!providers.some((known) => known.provider === provider)) throw new Refusal('not_found');
    await this.set('provider', provider, !on);
    return this.read();
  }

  async setChannel({ channel, paused }: RequestPayload<'delivery.set-channel'>): Promise<Controls> {
    await this.set('channel', channel, paused);
    return this.read();
  }

  async setWorker({ worker, draining }: RequestPayload<'delivery.set-worker'>): Promise<void> {
    if (!(await this.workers()).some((known) => known.worker === worker)) throw new Refusal('not_found');
    await this.set('worker', worker, draining);
  }

  async workers(): Promise<RequestReply<'delivery.workers'>['workers']> {
    const rows = await this.source.query<{ worker: string; channels: Channel[]; in_flight: number; draining: boolean; started_at: Date; seen_at: Date }[]>(
      `SELECT workers.*, switched_off.name IS NOT NULL AS draining FROM workers LEFT JOIN switched_off ON kind = 'worker' AND name = worker WHERE seen_at > $1 ORDER BY worker`,
      [new Date(Date.now() - goneAfterMs)],
    );
    return rows.map((row) => ({ worker: row.worker, channels: row.channels, inFlight: row.in_flight, draining: row.draining, startedAt: row.started_at.toISOString(), seenAt: row.seen_at.toISOString() }));
  }

  private async set(kind: Kind, name: string, off: boolean): Promise<void> {
    if (off) await this.source.query('INSERT INTO switched_off (kind, name) VALUES ($1, $2) ON CONFLICT DO NOTHING', [kind, name]);
    else await this.source.query('DELETE FROM switched_off WHERE kind = $1 AND name = $2', [kind, name]);
    this.logger.warn({ kind, name, off }, 'an operator turned something off or on');
    await this.follow();
  }

  private async follow(): Promise<void> {
    const { following } = this;
    if (!following) return;
    const { server, routing } = following;
    await this.source.query(
      `WITH gone AS (DELETE FROM workers WHERE seen_at < now() - interval '1 hour')
       INSERT INTO workers (worker, channels, in_flight, started_at, seen_at) VALUES ($1, $2, $3, $4, now())
       ON CONFLICT (worker) DO UPDATE SET channels = EXCLUDED.channels, in_flight = EXCLUDED.in_flight, started_at = EXCLUDED.started_at, seen_at = EXCLUDED.seen_at`,
      [this.worker, following.channels, server.inFlight, this.startedAt],
    );
    const off = await this.switchedOff();
    routing.switchOff(off.get('provider'));
    const drains = off.get('worker').has(this.worker);
    const paused = new Set([...off.get('channel')].map((channel) => `delivery.${channel}`));
    server.pause((queue) => drains || paused.has(queue));
  }

  private async switchedOff(): Promise<{ get(kind: Kind): ReadonlySet<string> }> {
    const rows = await this.source.query<{ kind: Kind; name: string }[]>('SELECT kind, name FROM switched_off');
    return { get: (kind) => new Set(rows.filter((row) => row.kind === kind).map(({ name }) => name)) };
  }
}
