import { setTimeout as wait } from 'node:timers/promises';
import { eventually } from '@latchkey/testing';

/** What became of one message. */
interface Sent {
  confirmed: boolean;
  settledAt?: number;
}

/**
 * Sends at a steady rate, whatever became of what was sent before, and keeps account of every message: which were
 * confirmed, how often each arrived, and for how long nothing got through.
 */
export class MessageLoad {
  private readonly sent = new Map<string, Sent>();
  private readonly arrivals = new Map<string, number>();
  private readonly arrivedAt: number[] = [];
  private readonly send: (id: string) => Promise<unknown>;
  private readonly perSecond: number;
  private running = false;
  private loop: Promise<void> = Promise.resolve();

  constructor(perSecond: number, send: (id: string) => Promise<unknown>) {
    this.perSecond = perSecond;
    this.send = send;
  }

  start(): void {
    this.running = true;
    this.loop = this.run();
  }

  /** Stops sending, and waits until everything sent is confirmed or refused. */
  async stop(): Promise<void> {
    this.running = false;
    await this.loop;
    await eventually(() => this.all.every(({ settledAt }) => settledAt !== undefined), { timeoutMs: 10_000, what: 'an answer to everything sent' });
  }

  arrived(id: string): void {
    this.arrivals.set(id, (this.arrivals.get(id) ?? 0) + 1);
    this.arrivedAt.push(performance.now());
  }

  get published(): number {
    return this.sent.size;
  }

  get confirmed(): number {
    return this.all.filter(({ confirmed }) => confirmed).length;
  }

  /** Confirmed, and never arrived. */
  get lost(): number {
    return [...this.sent].filter(([id, { confirmed }]) => confirmed && !this.arrivals.has(id)).length;
  }

  /** Arrivals beyond the first. */
  get duplicated(): number {
    return [...this.arrivals.values()].reduce((sum, times) => sum + times - 1, 0);
  }

  /** The longest time without a confirmation since a moment. */
  gapSince(moment: number): number {
    return longestGap(moment, this.all.flatMap(({ confirmed, settledAt }) => (confirmed && settledAt !== undefined ? [settledAt] : [])));
  }

  /** The longest time without an arrival since a moment. */
  arrivalGapSince(moment: number): number {
    return longestGap(moment, this.arrivedAt);
  }

  private get all(): Sent[] {
    return [...this.sent.values()];
  }

  private async run(): Promise<void> {
    const started = performance.now();
    for (let number = 1; this.running; number += 1) {
      this.sendOne();
      const pause = started + (number * 1_000) / this.perSecond - performance.now();
      if (pause > 0) await wait(pause);
    }
  }

  private sendOne(): void {
    const id = crypto.randomUUID();
    const sent: Sent = { confirmed: false };
    this.sent.set(id, sent);
    const settle = (confirmed: boolean) => Object.assign(sent, { confirmed, settledAt: performance.now() });
    this.send(id).then(
      () => settle(true),
      () => settle(false),
    );
  }
}

function longestGap(since: number, times: readonly number[]): number {
  const later = times.filter((at) => at > since).sort((a, b) => a - b);
  const ends = [...later, performance.now()];
  return Math.round(Math.max(...ends.map((end, index) => end - (ends[index - 1] ?? since))));
}
