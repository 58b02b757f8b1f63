import { setTimeout as wait } from 'node:timers/promises';

/** What a request carries of its sender: a browser's cookies or an app's headers. */
export type Credentials = { client: 'web' | 'app'; session?: string | undefined; device?: string | undefined; headers?: Record<string, string> };

export type Answer = {
  status: number;
  /** The error code of a refusal. */
  code: string | undefined;
  body: any;
  /** Secrets that came with it, by cookie or in the body. */
  session: string | undefined;
  device: string | undefined;
};

/** One run's line to the system: each request says itself what it carries, and all of them are written down for the report. */
export class Wire {
  readonly log: string[] = [];
  /** Answers of 503, which a client repeats as it is told to. */
  repeated = 0;
  readonly baseUrl: string;

  constructor(baseUrl: string) {
    this.baseUrl = baseUrl;
  }

  async ask(method: string, path: string, body: unknown, credentials: Credentials): Promise<Answer> {
    for (let tries = 1; ; tries += 1) {
      const answer = await this.once(method, path, body, credentials);
      if (answer.status !== 503 || tries === 20) return answer;
      this.repeated += 1;
      await wait(100 * tries);
    }
  }

  private async once(method: string, path: string, body: unknown, { client, session, device, headers = {} }: Credentials): Promise<Answer> {
    const cookies = [session && `__Host-session=${session}`, device && `__Host-device=${device}`].filter(Boolean).join('; ');
    const carried: Record<string, string> = client === 'app' ? { ...(session && { authorization: `Bearer ${session}` }), ...(device && { 'device-token': device }) } : { ...(cookies && { cookie: cookies, origin: this.baseUrl }) };
    const response = await fetch(`${this.baseUrl}${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...carried, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(20_000),
    });
    const text = await response.text();
    const parsed = text ? JSON.parse(text) : undefined;
    if (method !== 'GET') this.log.push(`${method} ${path} ${JSON.stringify(body ?? null)} (${client}${session ? `, session ${session.slice(0, 6)}…` : ''}${device ? `, device ${shortDevice(device)}` : ''}) → ${response.status} ${shortened(parsed)}`);
    const set = new Map(response.headers.getSetCookie().map((cookie) => [cookie.slice(0, cookie.indexOf('=')), cookie.slice(cookie.indexOf('=') + 1).split(';')[0]] as const));
    return {
      status: response.status,
      code: parsed?.code,
      body: parsed,
      session: client === 'app' ? parsed?.session?.sessionToken : set.get('__Host-session') || undefined,
      device: client === 'app' ? parsed?.session?.deviceToken : set.get('__Host-device') || undefined,
    };
  }
}

const shortDevice = (token: string) => `${token.slice(0, 13)}….${token.slice(37, 41)}…`;

function shortened(body: any): string {
  if (body === undefined) return '';
  if (body.code) return JSON.stringify({ code: body.code, ...(body.attemptsLeft !== undefined && { attemptsLeft: body.attemptsLeft }) });
  const text = JSON.stringify(body);
  return text.length > 700 ? `${text.slice(0, 700)}…` : text;
}
