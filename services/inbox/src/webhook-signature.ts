import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

// Standard Webhooks, written here once more on purpose: what checks the system's signatures must not be the system's own
// code. https://www.standardwebhooks.com

const toleranceSeconds = 5 * 60;

/** Headers of a webhook that is signed now. */
export function webhookHeaders(secret: string, id: string, body: string, now = Date.now()): Record<string, string> {
  const timestamp = Math.floor(now / 1000);
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': `v1,${sign(secret, id, timestamp, body)}` };
}

export function isSignedWebhook(secret: string, headers: IncomingHttpHeaders, body: string, now = Date.now()): boolean {
  const id = headers['webhook-id'];
  const timestamp = Number(headers['webhook-timestamp']);
  if (typeof id !== 'string' || id === '' || !(Math.abs(now / 1000 - timestamp) <= toleranceSeconds)) return false;
  const right = Buffer.from(`v1,${sign(secret, id, timestamp, body)}`);
  return String(headers['webhook-signature'] ?? '')
    .split(' ')
    .map((signature) => Buffer.from(signature))
    .some((given) => given.length === right.length && timingSafeEqual(given, right));
}

function sign(secret: string, id: string, timestamp: number, body: string): string {
  return createHmac('sha256', Buffer.from(secret.replace(/^whsec_/, ''), 'base64')).update(`${id}.${timestamp}.${body}`).digest('base64');
}
