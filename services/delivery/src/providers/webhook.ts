import type { Channel } from '@latchkey/contracts';
import { type Clock, systemClock } from '@latchkey/platform';
import { addressOf } from './compose-mail.ts';
import { answerLostBehind, HttpPoster, jsonObject, type Posted } from './http-post.ts';
import type { OutgoingMessage, Provider, ProviderAnswer } from './provider.ts';
import { askAs, emailSender, type SenderAnswer, textSenders } from './sender.ts';
import { WebhookSignature } from './webhook-signature.ts';

// Bad request, too large, can't be processed (bad number, opted out), unavailable for legal reasons (blocked country).
// Everything else that is not 2xx says something of the receiver, not of this message.
const permanent = new Set([400, 413, 422, 451]);

/**
 * Texts and emails through anything that takes a signed POST: `{id, channel, to, text, subject?, html?, expiresAt?, from?}`,
 * `from` where the service provider has a sender of its own. Sent again it has the same `webhook-id`, so that the receiver can send once. Any 2xx is acceptance; its JSON may name the
 * receiver's own id (`{id}`), or an `error` after all.
 */
export class WebhookProvider implements Provider {
  readonly name: string;
  readonly channels: readonly Channel[];
  private readonly poster: HttpPoster;
  private readonly signature: WebhookSignature;
  private readonly clock: Clock;

  constructor(options: { name?: string; url: string; secret: string; channels?: readonly Channel[]; timeoutMs?: number; clock?: Clock }) {
    this.name = options.name ?? 'webhook';
    this.channels = options.channels ?? ['sms', 'email'];
    this.poster = new HttpPoster(options.url, options.timeoutMs ?? 5_000);
    this.signature = new WebhookSignature([options.secret]);
    this.clock = options.clock ?? systemClock;
  }

  async send(message: OutgoingMessage): Promise<ProviderAnswer> {
    const { channel } = message;
    if (!this.channels.includes(channel)) throw new Error(`${this.name} sends ${this.channels.join(' and ')}`);
    return askAs(sendersOf(message), (from) => this.sendFrom(from, message));
  }

  private async sendFrom(from: string | undefined, message: OutgoingMessage): Promise<SenderAnswer> {
    const { messageId: id, channel, to, text, expiresAt } = message;
    const mail = message.channel === 'email' ? { subject: message.subject, html: message.html } : {};
    const body = JSON.stringify({ id, channel, to, text, ...mail, ...(expiresAt ? { expiresAt: expiresAt.toISOString() } : {}), ...(from === undefined ? {} : { from }) });
    const posted = await this.poster.post(body, { 'content-type': 'application/json', accept: 'application/json', ...this.signature.headersFor(id, body, this.clock.now()) });
    const refused = posted.kind === 'answered' && (posted.status === 400 || posted.status === 422);
    return { answer: answerOf(posted, id), refused };
  }

  close(): void {
    this.poster.close();
  }
}

/** The service provider's own sender where it has one, else the receiver's, which is not named. */
function sendersOf(message: OutgoingMessage): (string | undefined)[] {
  if (message.channel === 'sms') return textSenders(message.sender, undefined);
  const own = emailSender(message.brand ?? '', message.sender, '');
  return addressOf(own) === '' ? [undefined] : [own, undefined];
}

function answerOf(posted: Posted, ownId: string): ProviderAnswer {
  if (posted.kind !== 'answered') return { outcome: posted.kind === 'not_sent' ? 'transient' : 'unknown', reason: posted.reason };
  const { status } = posted;
  const body = jsonObject(posted.body);
  const reason = `HTTP ${status}${codeIn(body)}`;
  if (status >= 200 && status < 300) {
    // A page of whatever stands between us and the receiver is no answer of its.
    if (!body && posted.body.trim() !== '') return { outcome: 'unknown', reason: 'an answer that is not JSON' };
    if (body?.['error']) return { outcome: 'permanent', reason };
    return { outcome: 'accepted', providerMessageId: typeof body?.['id'] === 'string' && body['id'] !== '' ? body['id'].slice(0, 200) : ownId };
  }
  if (answerLostBehind(status)) return { outcome: 'unknown', reason };
  return { outcome: permanent.has(status) ? 'permanent' : 'transient', reason };
}

/** The receiver's own word for what is wrong. Only a word: a sentence, or digits, may be somebody's number. */
function codeIn(body: Record<string, unknown> | undefined): string {
  const error = body?.['error'];
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : (body?.['code'] ?? error);
  return typeof code === 'string' && /^[a-z][a-z_.-]{0,63}$/i.test(code) ? ` ${code}` : '';
}
