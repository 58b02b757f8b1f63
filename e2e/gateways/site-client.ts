import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';

export interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  text: string;
  /** Of JSON; looked at as an outside client would. */
  body: any;
}

/**
 * A browser on a machine of its own, as far as one machine has several: it calls from an address that it chooses, sends the
 * path as it was typed (`fetch` would tidy it up), and keeps cookies.
 */
export class SiteClient {
  readonly cookies = new Map<string, string>();

  constructor(
    readonly site: string,
    private readonly localAddress = '127.0.0.1',
  ) {}

  async call(method: string, path: string, options: { body?: unknown; headers?: Record<string, string> } = {}): Promise<Answer> {
    const response = await this.open(method, path, options);
    let text = '';
    for await (const chunk of response) text += String(chunk);
    const isJson = /json/.test(response.headers['content-type'] ?? '');
    return { status: response.statusCode ?? 0, headers: response.headers, text, body: isJson && text ? JSON.parse(text) : undefined };
  }

  get = (path: string, headers: Record<string, string> = {}) => this.call('GET', path, { headers });
  post = (path: string, body: unknown = {}, headers: Record<string, string> = {}) => this.call('POST', path, { body, headers });

  /** The answer as soon as it begins. */
  async open(method: string, path: string, { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {}): Promise<IncomingMessage> {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const { host, port } = new URL(this.site);
    const sent = request({
      host: '127.0.0.1',
      port,
      method,
      path,
      localAddress: this.localAddress,
      timeout: 15_000,
      headers: {
        host,
        ...(payload === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
        ...(method === 'GET' ? {} : { origin: this.site, 'sec-fetch-site': 'same-origin' }),
        ...(this.cookies.size > 0 ? { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') } : {}),
        ...headers,
      },
    });
    sent.on('timeout', () => sent.destroy(new Error(`${method} ${path}: no answer`)));
    sent.end(payload);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    // An answer that is broken off tells those who read it.
    sent.on('error', () => undefined);
    for (const cookie of response.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value) this.cookies.set(name, value);
      else this.cookies.delete(name);
    }
    return response;
  }
}
