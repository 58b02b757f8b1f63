import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';

/** A request that tells of a message; `build` is called for each try. */
export type OutgoingReceipt = { url: string; tries: number; build: () => { body: string; headers: Record<string, string> } };

const betweenTriesMs = 1_000;
const timeoutMs = 5_000;

/** Tells what became of messages a moment after they were taken, as vendors do, in order for each message. */
export class ReceiptSender {
  private readonly delayMs: number;
  private readonly log: FastifyBaseLogger;
  private readonly stopped = new AbortController();

  constructor(delayMs: number, log: FastifyBaseLogger) {
    this.delayMs = delayMs;
    this.log = log;
  }

  send(receipts: OutgoingReceipt[]): void {
    wait(this.delayMs, undefined, { signal: this.stopped.signal })
      .then(async () => {
        for (const receipt of receipts) await this.deliver(receipt);
      })
      .catch((error: unknown) => {
        if (!this.stopped.signal.aborted) this.log.error({ err: error }, 'a receipt could not be made');
      });
  }

  /** Whether its receiver took it. */
  async deliver({ url, tries, build }: OutgoingReceipt): Promise<boolean> {
    for (let left = tries; left > 0; left -= 1) {
      const { body, headers } = build();
      const signal = AbortSignal.any([this.stopped.signal, AbortSignal.timeout(timeoutMs)]);
      const status = await fetch(url, { method: 'POST', body, headers, signal }).then(
        async (answer) => {
          await answer.body?.cancel();
          return answer.status;
        },
        (error: Error) => error.name,
      );
      if (typeof status === 'number' && status >= 200 && status < 300) return true;
      if (this.stopped.signal.aborted) return false;
      this.log.info({ status, left: left - 1 }, 'a receipt was not taken');
      if (left > 1) await wait(betweenTriesMs, undefined, { signal: this.stopped.signal }).catch(() => undefined);
    }
    return false;
  }

  stop(): void {
    this.stopped.abort();
  }
}
