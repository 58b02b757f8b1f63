interface Waiting<T> {
  item: T;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Does the work for what comes within some milliseconds at once, where nobody waits for it: one statement and not one for
 * each. What it waits for is not acknowledged before it is done.
 */
export class Gathered<T> {
  private readonly work: (items: T[]) => Promise<unknown>;
  private readonly gatherMs: number;
  private readonly mostAtOnce: number;
  private waiting: Waiting<T>[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(work: (items: T[]) => Promise<unknown>, { gatherMs = 50, mostAtOnce = 500 } = {}) {
    this.work = work;
    this.gatherMs = gatherMs;
    this.mostAtOnce = mostAtOnce;
  }

  /** Resolves when the work is done that the item was part of, and rejects when that failed. */
  add(item: T): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (this.waiting.length >= this.mostAtOnce) void this.doNow();
      else this.timer ??= setTimeout(() => void this.doNow(), this.gatherMs);
    });
  }

  private async doNow(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const gathered = this.waiting;
    this.waiting = [];
    try {
      await this.work(gathered.map(({ item }) => item));
      for (const { resolve } of gathered) resolve();
    } catch (error) {
      for (const { reject } of gathered) reject(error);
    }
  }
}
