import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';

/** What came of a POST. `not_sent`: no byte of it left this machine. `no_answer`: it left, and no whole answer came back. */
export type Posted = { kind: 'answered'; status: number; body: string } | { kind: 'not_sent' | 'no_answer'; reason: string };

const largestAnswer = 64 * 1024;

/**
 * POSTs to one address over kept connections. Not `fetch`: that does not tell a timeout before the connection stood from
 * one after it, and only the former is surely not sent.
 */
export class HttpPoster {
  private readonly url: URL;
  private readonly timeoutMs: number;
  private readonly client: typeof http | typeof https;
  private readonly agent: http.Agent;
  /** Connections that were once set up: whoever gets one of them again can write at once. */
  private readonly standing = new WeakSet<Socket>();

  constructor(url: string, timeoutMs: number) {
    this.url = new URL(url);
    this.timeoutMs = timeoutMs;
    this.client = this.url.protocol === 'https:' ? https : http;
    // Idle connections go before the vendor's end closes them under the next message.
    this.agent = new this.client.Agent({ keepAlive: true, timeout: 15_000 });
  }

  post(body: string, headers: Record<string, string>): Promise<Posted> {
    return new Promise((resolve) => {
      let sent = false;
      const request = this.client.request(this.url, { method: 'POST', agent: this.agent, headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) } });
      const settle = (posted: Posted) => {
        clearTimeout(timer);
        resolve(posted);
      };
      const fail = (reason: string) => {
        settle({ kind: sent ? 'no_answer' : 'not_sent', reason });
        request.destroy();
      };
      const timer = setTimeout(() => fail('ETIMEDOUT'), this.timeoutMs);

      request.on('socket', (socket) => {
        if (this.standing.has(socket)) {
          sent = true;
          return;
        }
        socket.once(this.client === https ? 'secureConnect' : 'connect', () => {
          this.standing.add(socket);
          sent = true;
        });
      });
      request.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.name));
      request.on('response', (answer) => {
        const chunks: Buffer[] = [];
        let length = 0;
        answer.on('data', (chunk: Buffer) => {
          length += chunk.length;
          if (length > largestAnswer) fail('the answer is too long');
          else chunks.push(chunk);
        });
        answer.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.name));
        answer.on('end', () => settle({ kind: 'answered', status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
      });
      request.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

/** The answer as a JSON object; undefined when it is none. */
export function jsonObject(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** A gateway that gave up on the vendor behind it does not know what the vendor did. */
export const answerLostBehind = (status: number | undefined): boolean => status === 502 || status === 504;
