import { Agent, request as httpRequest } from 'node:http';

// Plain node:http on sockets that are kept: driving shall cost as little as can be.
const agent = new Agent({ keepAlive: true, maxSockets: 2_000 });

/** `retryAfter`: seconds, of an answer that asks to come back later. */
export type Answer = { status: number; body: Record<string, unknown>; retryAfter: number };

/** A browser: keeps cookies and says where its requests come from. */
export class Browser {
  private readonly baseUrl: string;
  private readonly cookies = new Map<string, string>();

  constructor(baseUrl: string) {
    this.baseUrl = baseUrl;
  }

  get = (path: string): Promise<Answer> => this.send('GET', path);
  post = (path: string, body: unknown = {}): Promise<Answer> => this.send('POST', path, JSON.stringify(body));

  /** As after the session's end, or a logout elsewhere. */
  forget(cookie: string): void {
    this.cookies.delete(cookie);
  }

  /** Of every request: its cookies, and where it comes from. */
  get headers(): Record<string, string> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return { origin: this.baseUrl, ...(cookie !== '' && { cookie }) };
  }

  private send(method: string, path: string, body?: string): Promise<Answer> {
    const headers = {
      ...this.headers,
      ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    };
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest(`${this.baseUrl}${path}`, { method, agent, headers, timeout: 30_000 }, (response) => {
        this.keep(response.headers['set-cookie'] ?? []);
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => (text += part));
        response.once('error', reject);
        response.once('end', () => {
          const body = text === '' ? {} : (JSON.parse(text) as Answer['body']);
          resolve({ status: response.statusCode ?? 0, body, retryAfter: Number(response.headers['retry-after'] ?? 0) });
        });
      });
      outgoing.once('error', reject);
      outgoing.once('timeout', () => outgoing.destroy(new Error('no answer within 30 s')));
      outgoing.end(body);
    });
  }

  private keep(setCookies: string[]): void {
    for (const cookie of setCookies) {
      const [pair = ''] = cookie.split(';');
      const name = pair.slice(0, pair.indexOf('='));
      const value = pair.slice(pair.indexOf('=') + 1);
      if (value === '' || /; *max-age=0\b/i.test(cookie)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }
}

/** Fails with what was answered instead, without secrets: the status and the error's code. */
export function expect(step: string, answer: Answer, isRight: (body: Record<string, never>) => boolean = () => true): Answer {
  if (answer.status < 300 && isRight(answer.body as Record<string, never>)) return answer;
  throw new Error(`${step}: ${answer.status} ${String(answer.body['code'] ?? answer.body['status'] ?? '')}`.trim());
}
