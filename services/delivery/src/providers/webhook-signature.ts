import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';

/** Seconds by which the clocks may differ, and for which a signed request may be on its way. */
const tolerance = 5 * 60;

/**
 * Signs and checks webhooks as Standard Webhooks says, both ours to a provider and its receipts to us: HMAC-SHA256 over
 * id, timestamp and the very bytes of the body. https://www.standardwebhooks.com
 */
export class WebhookSignature {
  private readonly keys: KeyObject[];

  /** `whsec_` and base64 of 24 to 64 bytes; the first one signs, all of them count. */
  constructor(secrets: readonly string[]) {
    this.keys = secrets.map(keyOf);
    if (this.keys.length === 0) throw new Error('no webhook secret is given');
  }

  headersFor(id: string, body: string, now: Date): Record<string, string> {
    const timestamp = String(Math.floor(now.getTime() / 1000));
    const signature = hmac(this.keys[0] as KeyObject, `${id}.${timestamp}.${body}`).toString('base64');
    return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
  }

  /** Whether the holder of one of the secrets sent this, not longer ago than the tolerance. */
  isGood(headers: Readonly<Record<string, string>>, body: string, now: Date): boolean {
    const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers;
    if (!id || !signatures || !timestamp || !/^\d{1,12}$/.test(timestamp)) return false;
    if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > tolerance) return false;
    // Several while a secret is rotated; other versions (`v1a`) are signed by a key that is not ours to check.
    const given = signatures.split(' ').flatMap((entry) => (entry.startsWith('v1,') ? [Buffer.from(entry.slice(3), 'base64')] : []));
    return this.keys.some((key) => {
      const right = hmac(key, `${id}.${timestamp}.${body}`);
      return given.some((signature) => signature.length === right.length && timingSafeEqual(signature, right));
    });
  }
}

const hmac = (key: KeyObject, content: string) => createHmac('sha256', key).update(content).digest();

function keyOf(secret: string): KeyObject {
  const encoded = secret.replace(/^whsec_/, '');
  const key = Buffer.from(encoded, 'base64');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded) || key.length < 24 || key.length > 64) throw new Error('a webhook secret is `whsec_` and base64 of 24 to 64 bytes');
  return createSecretKey(key);
}
