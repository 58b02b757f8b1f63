import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebhookSignature } from '../providers/webhook-signature.ts';

export interface Arrived {
  id: string;
  to: string;
  text: string;
  at: number;
  /** What the endpoint called it in its answer. */
  ownId: string;
}

/** Somebody's service that takes signed webhooks and tells receipts, over HTTP as the real ones do. */
export async function startWebhookEndpoint() {
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const receiptSecret = `whsec_${randomBytes(32).toString('base64')}`;
  const ours = new WebhookSignature([secret]);
  const receipts = new WebhookSignature([receiptSecret]);
  const arrived: Arrived[] = [];
  let atOnce = 0;

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const body = Buffer.concat(chunks).toString();
      if (!ours.isGood(request.headers as Record<string, string>, body, new Date())) return void response.writeHead(401).end();
      const message = { ...(JSON.parse(body) as Omit<Arrived, 'at' | 'ownId'>), at: Date.now(), ownId: randomUUID() };
      arrived.push(message);
      atOnce += 1;
      endpoint.mostAtOnce = Math.max(endpoint.mostAtOnce, atOnce);
      const status = await endpoint.behave(message);
      atOnce -= 1;
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(status < 300 ? { id: message.ownId } : { error: 'no' }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/messages`;

  const endpoint = {
    url,
    arrived,
    mostAtOnce: 0,
    /** What it does with a message before it answers, and with which status. */
    behave: async (_message: Arrived): Promise<number> => 202,
    to: (number: string) => arrived.filter(({ to }) => to === number),
    /** As a provider of the routes; its secrets are in the environment under `name`. */
    provider: (name: string, more: object = {}) => ({ kind: 'webhook', url, secret: { env: `${name}_SECRET` }, ...more }),
    withReceipts: (name: string, withinSeconds: number) => ({ receipts: { withinSeconds, secrets: [{ env: `${name}_RECEIPT_SECRET` }] } }),
    secrets: (name: string) => ({ [`${name}_SECRET`]: secret, [`${name}_RECEIPT_SECRET`]: receiptSecret }),
    /** A receipt as it is posted to the gateway. */
    receipt(ownId: string, state: string, details: object = {}) {
      const body = JSON.stringify({ id: ownId, state, ...details });
      return { body, headers: receipts.headersFor(randomUUID(), body, new Date()) };
    },
    close: () => new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    }),
  };
  return endpoint;
}

export type WebhookEndpoint = Awaited<ReturnType<typeof startWebhookEndpoint>>;
