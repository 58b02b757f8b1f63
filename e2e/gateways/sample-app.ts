import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the app was told of a request. */
export interface Told {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** An app that knows nothing of logins: it answers with what it was told, and remembers it. */
export class SampleApp {
  readonly told: Told[] = [];

  private constructor(
    readonly port: number,
    readonly close: () => Promise<void>,
  ) {}

  static async start(): Promise<SampleApp> {
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const told = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body };
        app.told.push(told);
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(told));
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const close = async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    };
    const app = new SampleApp((server.address() as AddressInfo).port, close);
    return app;
  }
}
