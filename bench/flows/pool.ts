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
