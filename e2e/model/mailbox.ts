import { setTimeout as wait } from 'node:timers/promises';

type Message = { id: string; text: string };

/** Polls until `probe` gives something; the model waits for what happens a moment later, such as an email. */
export async function until<T>(what: string, probe: () => Promise<T | undefined> | T | undefined, timeoutMs = 10_000): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (let pause = 5; ; pause = Math.min(pause * 2, 80)) {
    const found = await probe();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`${what} did not come within ${timeoutMs} ms`);
    await wait(pause);
  }
}

/** What arrives at the numbers and addresses of one run. Every code and link is waited for when it is asked for, so that the newest is the one asked for. */
export class Mailbox {
  private readonly inboxUrl: string;
  private readonly codes = new Map<string, number>();
  private readonly links = new Map<string, number>();

  constructor(inboxUrl: string) {
    this.inboxUrl = inboxUrl;
  }

  /** The code of the message that was just promised to `to`. */
  async nextCode(to: string): Promise<string> {
    const count = (this.codes.get(to) ?? 0) + 1;
    this.codes.set(to, count);
    return until(`code ${count} to ${to}`, async () => matches(await this.read(to), /^@\S+ #(\d{6})$/m).at(-count));
  }

  /** The link that was just promised to an address. */
  async nextLink(to: string, page: 'new-password' | 'invitation'): Promise<string> {
    const count = (this.links.get(`${page} ${to}`) ?? 0) + 1;
    this.links.set(`${page} ${to}`, count);
    return until(`link ${count} for ${page} to ${to}`, async () => matches(await this.read(to), linkTo(page)).at(-count));
  }

  /** The links of notices that came so far, newest first. */
  async notMeLinks(to: string): Promise<string[]> {
    return matches(await this.read(to), linkTo('not-me'));
  }

  private async read(to: string): Promise<Message[]> {
    const response = await fetch(`${this.inboxUrl}/messages?to=${encodeURIComponent(to)}`, { signal: AbortSignal.timeout(5_000) });
    if (!response.ok) throw new Error(`the inbox answers ${response.status}`);
    return (await response.json()) as Message[];
  }
}

const linkTo = (page: string) => new RegExp(`/${page}#([a-z]{56})`);
const matches = (messages: readonly Message[], pattern: RegExp): string[] => messages.flatMap(({ text }) => pattern.exec(text)?.[1] ?? []);
