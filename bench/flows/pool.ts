/** Things that one user at a time can have: whoever waits longest gets the one that was given back first. */
export class Pool<T> {
  private readonly free: T[];
  private readonly waiting: ((one: T) => void)[] = [];

  constructor(all: readonly T[]) {
    this.free = [...all];
  }

  async use<R>(work: (one: T) => Promise<R>): Promise<R> {
    const one = this.free.length > 0 ? (this.free.shift() as T) : await new Promise<T>((resolve) => this.waiting.push(resolve));
    try {
      return await work(one);
    } finally {
      const next = this.waiting.shift();
      if (next) next(one);
      else this.free.push(one);
    }
  }
}

/** Starts them eight at a time: all at once would wait for each other's passwords. */
export function inTurn<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<R>[] {
  const turns = new Pool(Array.from({ length: 8 }));
  return all.map((one) => turns.use(() => work(one)));
}
