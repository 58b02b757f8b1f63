import { type DeliveryEvent, http } from '@latchkey/contracts';
import type { FastifyReply } from 'fastify';

const heartbeatMs = 15_000;

/** One page's server-sent events (WHATWG HTML 9.2): the past, then what happens, each thing once. */
export class DeliveryStream {
  private readonly reply: FastifyReply;
  private readonly told = new Set<string>();
  /** What arrives before the past was told; null from then on. */
  private early: DeliveryEvent[] | null = [];
  private ended = false;

  constructor(reply: FastifyReply) {
    this.reply = reply;
  }

  tell(event: DeliveryEvent): void {
    if (this.early) this.early.push(event);
    else this.write(event);
  }

  /** Ended before it was opened: then nobody was told anything yet. */
  get over(): boolean {
    return this.ended;
  }

  /** Answers with the past and stays open until the attempt is over. */
  open(past: DeliveryEvent[], expiresAt: string): void {
    const { raw } = this.reply;
    if (raw.destroyed) return;
    this.reply.hijack();
    raw.writeHead(200, { ...(this.reply.getHeaders() as Record<string, string>), 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
    raw.flushHeaders();
    if (this.reply.request.method === 'HEAD') return void raw.end();
    const early = this.early ?? [];
    this.early = null;
    [...past, ...early].forEach((event) => this.write(event));
    const heartbeat = setInterval(() => raw.write(': still here\n\n'), heartbeatMs);
    const over = setTimeout(() => this.end(), Math.max(0, Date.parse(expiresAt) - Date.now()));
    raw.once('close', () => {
      clearInterval(heartbeat);
      clearTimeout(over);
    });
  }

  end(): void {
    this.ended = true;
    if (!this.early) this.reply.raw.end();
  }

  private write(event: DeliveryEvent): void {
    const key = `${event.methodId} ${event.state} ${event.at}`;
    if (this.told.has(key) || this.ended) return;
    this.told.add(key);
    this.reply.raw.write(`event: delivery\ndata: ${JSON.stringify(http.deliveryEvent.parse(event))}\n\n`);
  }
}

/**
 * The states so far in their order: what the ledger has, and what was queued but never reached a worker. The ledger has
 * its own `queued` for each message that did, so of each method the later ones are missing there.
 */
export function pastOf(queued: { methodId: string; at: string }[], states: DeliveryEvent[]): DeliveryEvent[] {
  const reached = new Map<string, number>();
  for (const { methodId, state } of states) if (state === 'queued') reached.set(methodId, (reached.get(methodId) ?? 0) + 1);
  const missing = queued.filter(({ methodId }) => {
    const left = reached.get(methodId) ?? 0;
    reached.set(methodId, left - 1);
    return left <= 0;
  });
  return [...states, ...missing.map(({ methodId, at }) => ({ methodId, at, state: 'queued' as const }))].sort((one, other) => one.at.localeCompare(other.at));
}
