import type { DeliveryEvent } from '@latchkey/contracts';
import type { Messaging } from '@latchkey/messaging';
import type { OnModuleDestroy } from '@nestjs/common';
import type { DeliveryStream } from './delivery-stream.ts';

/** Hands what happens to messages to the pages of this process that watch their attempt. */
export class DeliveryHub implements OnModuleDestroy {
  private readonly streams = new Map<string, Set<DeliveryStream>>();
  private readonly isListening: () => boolean;
  private open = 0;

  /** `isListening`: whether this process has its queue of events at the moment. */
  constructor(connection: Messaging['connection'], isListening: () => boolean) {
    this.isListening = isListening;
    // What happens while the broker is away reaches nobody here: pages that come back are told the states so far.
    connection.on('disconnected', () => this.endAll());
  }

  get listening(): boolean {
    return this.isListening();
  }

  get openStreams(): number {
    return this.open;
  }

  streamsOf(attemptId: string): number {
    return this.streams.get(attemptId)?.size ?? 0;
  }

  /** Returns what takes the stream out again. */
  add(attemptId: string, stream: DeliveryStream): () => void {
    const set = this.streams.get(attemptId) ?? new Set();
    this.streams.set(attemptId, set.add(stream));
    this.open += 1;
    return () => {
      if (!set.delete(stream)) return;
      this.open -= 1;
      if (set.size === 0) this.streams.delete(attemptId);
    };
  }

  tell(attemptId: string, event: DeliveryEvent): void {
    for (const stream of this.streams.get(attemptId) ?? []) stream.tell(event);
  }

  onModuleDestroy(): void {
    this.endAll();
  }

  private endAll(): void {
    for (const set of this.streams.values()) for (const stream of set) stream.end();
  }
}
