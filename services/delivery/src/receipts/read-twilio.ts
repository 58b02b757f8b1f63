import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { Refusal } from '@latchkey/contracts';
import { type Clock, systemClock } from '@latchkey/platform';
import { jsonObject } from '../providers/http-post.ts';
import type { Receipt, ReceiptReader, ReceiptRequest } from '../providers/provider.ts';

const outcomes = new Map<string, Receipt['outcome']>([
  ['delivered', 'delivered'],
  ['read', 'delivered'],
  ['undelivered', 'failed'],
  ['failed', 'failed'],
  ['canceled', 'failed'],
]);

/**
 * Status callbacks of Twilio. Its signature holds no time: a callback told again is signed as well the second time.
 * https://www.twilio.com/docs/usage/webhooks/webhooks-security
 */
export class TwilioReceipts implements ReceiptReader {
  readonly provider: string;
  private readonly accountSid: string;
  private readonly authTokens: readonly string[];
  private readonly clock: Clock;

  constructor(options: {
    provider?: string;
    accountSid: string;
    /** The account's auth token, which signs also when an API key sends; two while it is rotated. */
    authTokens: readonly string[];
    clock?: Clock;
  }) {
    this.provider = options.provider ?? 'twilio';
    this.accountSid = options.accountSid;
    this.authTokens = options.authTokens;
    this.clock = options.clock ?? systemClock;
  }

  async read(request: ReceiptRequest): Promise<Receipt[]> {
    const fields = this.open(request);
    if (!fields || fields.get('AccountSid') !== this.accountSid) throw new Refusal('not_found');
    const status = fields.get('MessageStatus') ?? '';
    const outcome = outcomes.get(status);
    const providerMessageId = fields.get('MessageSid') ?? '';
    if (!outcome || !/^(SM|MM)[0-9a-f]{32}$/i.test(providerMessageId)) return [];
    const code = fields.get('ErrorCode') ?? '';
    const reason = outcome === 'failed' ? { reason: /^\d{1,6}$/.test(code) ? code : status } : {};
    return [{ provider: this.provider, providerMessageId, outcome, ...reason, at: this.clock.now() }];
  }

  /** The fields of a callback that Twilio signed for us; undefined for any other. */
  private open({ url, headers, body }: ReceiptRequest): Map<string, string> | undefined {
    const signature = headers['x-twilio-signature'];
    if (!signature || !URL.canParse(url)) return undefined;
    // A body that is no form is covered by its hash, which the address carries.
    const bodyHash = new URL(url).searchParams.get('bodySHA256');
    if (bodyHash !== null) {
      if (!sameBytes(Buffer.from(bodyHash.toLowerCase()), Buffer.from(createHash('sha256').update(body).digest('hex')))) return undefined;
      if (!isTwilioSignature(this.authTokens, signature, url, [])) return undefined;
      return new Map(Object.entries(jsonObject(body) ?? {}).map(([name, value]) => [name, String(value)]));
    }
    const form = [...new URLSearchParams(body)];
    return isTwilioSignature(this.authTokens, signature, url, form) ? new Map(form) : undefined;
  }
}

/** HMAC-SHA1 over the address and every field of the form, by name; a field that comes twice counts once for each value. */
export function isTwilioSignature(authTokens: readonly string[], signature: string, url: string, form: readonly (readonly [string, string])[]): boolean {
  const given = Buffer.from(signature, 'base64');
  const fields = [...new Set(form.map((field) => JSON.stringify(field)))].map((field) => JSON.parse(field) as [string, string]);
  fields.sort(([name, value], [otherName, otherValue]) => compare(name, otherName) || compare(value, otherValue));
  const tail = fields.flat().join('');
  return authTokens.some((token) => withAndWithoutPort(url).some((address) => sameBytes(given, createHmac('sha1', token).update(address + tail).digest())));
}

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
const sameBytes = (one: Buffer, other: Buffer) => one.length === other.length && timingSafeEqual(one, other);

/** Twilio signs the port or leaves it away, by its own lights; its libraries try both. */
function withAndWithoutPort(url: string): string[] {
  const [, scheme, authority, rest] = /^(https?):\/\/([^/?#]*)(.*)$/s.exec(url) ?? [];
  if (scheme === undefined || authority === undefined || rest === undefined) return [];
  const bare = authority.replace(/:\d+$/, '');
  const withPort = bare === authority ? `${authority}:${scheme === 'https' ? 443 : 80}` : authority;
  return [`${scheme}://${bare}${rest}`, `${scheme}://${withPort}${rest}`];
}
