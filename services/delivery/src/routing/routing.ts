import { setTimeout as wait } from 'node:timers/promises';
import type { Channel } from '@latchkey/contracts';
import type { CircuitWord } from './circuit.ts';
import type { ProviderLine, Turn } from './provider-line.ts';
import { providersInOrder } from './route.ts';
import type { Routes } from './routes-setting.ts';

/** How long a message waits for the provider that the weights chose, before another one with room may have it. */
const patienceMs = 1_000;

export interface ProviderState {
  provider: string;
  channels: Channel[];
  circuit: CircuitWord;
}

/** Which providers a message may be asked of, and whose turn it is. */
export class Routing {
  private readonly routes: Routes['routes'];
  private readonly lines: ReadonlyMap<string, ProviderLine>;
  private readonly stopped = new AbortController();
  private off: ReadonlySet<string> = new Set();

  constructor(routes: Routes['routes'], lines: ReadonlyMap<string, ProviderLine>) {
    this.routes = routes;
    this.lines = lines;
  }

  /** In the order in which they are asked; none when no provider delivers there. */
  linesFor(channel: Channel, message: { id: string; country: string | null; tried: ReadonlySet<string> }): ProviderLine[] {
    return providersInOrder(this.routes[channel] ?? [], message).flatMap((name) => this.lines.get(name) ?? []);
  }

  /** Whom the ledger names for a message that nobody was asked to send. */
  firstOf(channel: Channel): string {
    return this.routes[channel]?.[0]?.provider ?? 'none';
  }

  line(name: string): ProviderLine | undefined {
    return this.lines.get(name);
  }

  /** Providers that are not asked now: their messages go to others, or wait. */
  switchOff(names: ReadonlySet<string>): void {
    this.off = names;
  }

  /** How the providers of some channels are doing. */
  states(channels: readonly Channel[]): ProviderState[] {
    return [...this.lines.values()].flatMap(({ name, circuit }) => {
      const served = channels.filter((channel) => this.routes[channel]?.some(({ provider }) => provider === name));
      return served.length > 0 ? [{ provider: name, channels: served, circuit: circuit.state }] : [];
    });
  }

  /**
   * A turn at the first provider that works and has room. Waits while all are at their caps: the message stays
   * unacknowledged, so the broker hands this worker no more than its prefetch and the queue grows, not the memory.
   * Undefined when none works, at `until` (ms), or when the worker stops.
   */
  async takeTurn(lines: readonly ProviderLine[], until: number): Promise<Turn | undefined> {
    const patientUntil = Date.now() + patienceMs;
    for (;;) {
      let fullForMs: number | undefined;
      for (const line of lines) {
        const taken = await this.take(line);
        if (taken === 'open') continue;
        if (typeof taken !== 'number') return taken;
        fullForMs = Math.min(taken, fullForMs ?? taken);
        if (Date.now() < patientUntil) break;
      }
      if (fullForMs === undefined || Date.now() >= until || this.stopped.signal.aborted) return undefined;
      // Spread out, so that those who wait do not all ask at once.
      await wait(Math.min(fullForMs * (1 + Math.random()), until - Date.now()), undefined, { signal: this.stopped.signal }).catch(() => undefined);
    }
  }

  /** A turn at the first provider that works and has room now. */
  async takeTurnNow(lines: readonly ProviderLine[]): Promise<Turn | undefined> {
    for (const line of lines) {
      const taken = await this.take(line);
      if (typeof taken === 'object') return taken;
    }
    return undefined;
  }

  private async take(line: ProviderLine): Promise<Turn | 'open' | number> {
    return this.off.has(line.name) ? 'open' : line.take();
  }

  /** Nobody waits for a turn any more; what is being asked goes on. */
  stopWaiting(): void {
    this.stopped.abort();
  }

  close(): void {
    for (const line of this.lines.values()) line.close();
  }
}
