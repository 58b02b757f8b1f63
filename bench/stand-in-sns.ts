import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** A provider that answers like Amazon SNS after a set time and keeps only what it was asked, and when. */
export interface StandInSns {
  url: string;
  asked: { to: string; text: string; at: number }[];
  close(): void;
}

/**
 * @param answerAfterMs how long the provider takes, in milliseconds.
 * @param onAsked is told of each request when it has come, and then none is kept.
 */
export async function standInSns(answerAfterMs: number, onAsked?: (request: StandInSns['asked'][number]) => void): Promise<StandInSns> {
  const asked: StandInSns['asked'] = [];
  const server = createServer((request, response) => {
    const at = performance.now();
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const form = new URLSearchParams(body);
      const publish = { to: form.get('PhoneNumber') ?? '', text: form.get('Message') ?? '', at };
      if (onAsked) onAsked(publish);
      else asked.push(publish);
      void wait(answerAfterMs).then(() => {
        response.writeHead(200, { 'content-type': 'text/xml' });
        response.end(`<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>${crypto.randomUUID()}</MessageId></PublishResult></PublishResponse>`);
      });
    });
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
