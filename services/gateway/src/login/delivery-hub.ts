import type { DeliveryEvent } from '@latchkey/contracts';

type Listener = (event: DeliveryEvent) => void;

/** Hands what happens to messages to the pages of this process that watch their attempt. */
export class DeliveryHub {
  private readonly listeners = new Map<string, Set<Listener>>();
  private open = 0;

  get openStreams(): number {
    return this.open;
  }

  streamsOf(attemptId: string): number {
    return this.listeners.get(attemptId)?.size ?? 0;
  }

  /** Returns what stops the listening. */
  listen(attemptId: string, listener: Listener): () => void {
    const set = this.listeners.get(attemptId) ?? new Set();
    this.listeners.set(attemptId, set.add(listener));
    this.open += 1;
    return () => {
      if (!set.delete(listener)) return;
      this.open -= 1;
      if (set.size === 0) this.listeners.delete(attemptId);
    };
  }

  tell(attemptId: string, event: DeliveryEvent): void {
    for (const listener of this.listeners.get(attemptId) ?? []) listener(event);
  }
}
