import { eventually } from '@latchkey/testing';

/** A reader of `GET /v1/login/events`, as a page is one: keeps every event in its order. */
export class EventStream {
  readonly events: { methodId: string; state: string; at: string; suggestion?: string }[] = [];
  /** The stream as it was written, comments and all. */
  text = '';
  ended = false;
  readonly whenEnded: Promise<void>;
  private readonly leaving: AbortController;

  private constructor(
    readonly response: Response,
    leaving: AbortController,
  ) {
    this.leaving = leaving;
    this.whenEnded = this.read().catch(() => undefined).finally(() => (this.ended = true));
  }

  static async open(url: string, attempt: string): Promise<EventStream> {
    const leaving = new AbortController();
    return new EventStream(await fetch(url, { headers: { 'login-attempt': attempt }, signal: leaving.signal }), leaving);
  }

  get states(): string[] {
    return this.events.map(({ state }) => state);
  }

  has(count: number): Promise<unknown> {
    return eventually(() => this.events.length >= count, { what: `event ${count} of the stream (status ${this.response.status}, ${this.ended ? "ended" : "open"}, so far: ${this.states.join(" ")})` });
  }

  async leave(): Promise<void> {
    this.leaving.abort();
    await this.whenEnded;
  }

  private async read(): Promise<void> {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of this.response.body ?? []) {
      const text = decoder.decode(chunk, { stream: true });
      this.text += text;
      const blocks = (rest + text).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const [, data] = /^event: delivery\ndata: (.*)$/.exec(block) ?? [];
        if (data) this.events.push(JSON.parse(data));
      }
    }
  }
}
