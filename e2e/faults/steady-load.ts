import { setTimeout as wait } from 'node:timers/promises';
import { eventually, readInbox } from '@latchkey/testing';
import { ApiClient, demoPassword } from '../api-client.ts';
import type { LoadLogin } from '../many-logins.ts';

/** What one login of the load came to. */
export type LoadResult = { login: LoadLogin; startedAt: number; tookMs: number; status: number; code?: string; sent: boolean; retryAfter: number };

/** Logs in at a fixed rate, each time as another login, whatever the system does meanwhile. */
export class SteadyLoad {
  readonly results: LoadResult[] = [];
  private readonly unused: LoadLogin[];
  private readonly underWay = new Set<Promise<void>>();
  private readonly baseUrls: () => readonly string[];
  private timer: NodeJS.Timeout | undefined;
  private started = 0;

  /** @param baseUrls the gateways that take requests at the moment; asked before each login. */
  constructor(logins: readonly LoadLogin[], baseUrls: () => readonly string[]) {
    this.unused = [...logins];
    this.baseUrls = baseUrls;
  }

  start(perSecond: number): void {
    this.timer = setInterval(() => this.startOne(), 1000 / perSecond);
  }

  /** Stops starting new logins and waits for those under way. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.underWay);
  }

  async runFor(ms: number, perSecond: number): Promise<void> {
    this.start(perSecond);
    await wait(ms);
    await this.stop();
  }

  /** The logins that were told that their code is on its way. */
  get promised(): LoadResult[] {
    return this.results.filter(({ sent }) => sent);
  }

  private startOne(): void {
    const login = this.unused.pop();
    if (!login) throw new Error('the load has used all of its logins');
    const urls = this.baseUrls();
    const work = this.logIn(login, urls[(this.started += 1) % urls.length] ?? '').finally(() => this.underWay.delete(work));
    this.underWay.add(work);
  }

  private async logIn(login: LoadLogin, baseUrl: string): Promise<void> {
    const startedAt = performance.now();
    const answer = await new ApiClient(baseUrl)
      .post('/v1/login', { loginName: login.loginName, password: demoPassword })
      .catch((error: Error) => ({ status: 0, body: { code: String((error.cause as { code?: string } | undefined)?.code ?? error.message) }, headers: new Headers() }));
    this.results.push({
      login,
      startedAt,
      tookMs: performance.now() - startedAt,
      status: answer.status,
      code: answer.body?.code,
      sent: answer.body?.status === 'code_required' && answer.body.sent?.state === 'queued',
      retryAfter: Number(answer.headers.get('retry-after') ?? 0),
    });
  }
}

/** How many texts came to each of these logins, once every one that was promised has come. */
export async function textsOf(inboxUrl: string, logins: readonly LoadLogin[], withinMs: number): Promise<number[]> {
  const counts = () => Promise.all(logins.map(async ({ phoneNumber }) => (await readInbox(inboxUrl, phoneNumber)).length));
  await eventually(async () => (await counts()).every((count) => count > 0), { timeoutMs: withinMs, everyMs: 200, what: 'every promised text' }).catch(() => undefined);
  // A second copy comes soon after the first, if it comes.
  await wait(1_000);
  return counts();
}
