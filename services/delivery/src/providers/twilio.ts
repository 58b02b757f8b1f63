import { type Clock, systemClock } from '@latchkey/platform';
import { answerLostBehind, HttpPoster, jsonObject, type Posted } from './http-post.ts';
import type { OutgoingMessage, Provider, ProviderAnswer } from './provider.ts';
import { askAs, type SenderAnswer, textSenders } from './sender.ts';

// Errors that are about this recipient or text: the same account will never send it. What is wrong with the account, the
// sender or the load is not here: that is surely not sent either, but another time or provider may do it.
// https://www.twilio.com/docs/api/errors
const permanent = new Set([
  21211, 21214, 21217, 21265, 21266, 21268, 21614, 21635, // no number that takes texts
  21408, 30450, //                                           a country or prefix that is blocked
  21610, 30004, //                                           opted out, blocked by the recipient
  21219, 21608, 21612, //                                    not verified (trial accounts), out of reach from this sender
  21602, 21604, 21617, //                                    no text, no number, too long
  30005, 30006, 30007, //                                    no such handset, a landline, filtered by the carrier
]);

// What the account may not send as, or not to there: another sender may do.
const aboutSender = new Set(['21212', '21267', '21603', '21606', '21608', '21612', '21659', '21660']);

// Twilio drops by itself what it could not hand on by then; its longest is 10 hours.
const longestValidity = 36_000;

/**
 * Texts through Twilio's Messages API. It takes no idempotency key, so a lost answer stays unknown.
 * https://www.twilio.com/docs/messaging/api/message-resource
 */
export class TwilioProvider implements Provider {
  readonly name: string;
  readonly channels = ['sms'] as const;
  private readonly poster: HttpPoster;
  private readonly authorization: string;
  private readonly from: string;
  private readonly fixed: Record<string, string>;
  private readonly clock: Clock;

  constructor(options: {
    name?: string;
    accountSid: string;
    /** SID of an API key; without one the password is the account's own auth token. */
    username?: string | undefined;
    password: string;
    /** A number, short code or sender id of the account, or the SID of a messaging service (`MG…`). */
    from: string;
    /** Public address that Twilio tells receipts to. */
    statusCallback?: string | undefined;
    endpoint?: string | undefined;
    timeoutMs?: number;
    clock?: Clock;
  }) {
    this.name = options.name ?? 'twilio';
    this.poster = new HttpPoster(new URL(`/2010-04-01/Accounts/${options.accountSid}/Messages.json`, options.endpoint ?? 'https://api.twilio.com').href, options.timeoutMs ?? 5_000);
    this.authorization = `Basic ${Buffer.from(`${options.username ?? options.accountSid}:${options.password}`).toString('base64')}`;
    this.from = options.from;
    this.fixed = {
      ...(options.statusCallback ? { StatusCallback: options.statusCallback } : {}),
    };
    this.clock = options.clock ?? systemClock;
  }

  async send(message: OutgoingMessage): Promise<ProviderAnswer> {
    if (message.channel !== 'sms') throw new Error('Twilio sends texts');
    return askAs(textSenders(message.sender, this.from), (from) => this.sendFrom(from, message));
  }

  private async sendFrom(from: string, message: OutgoingMessage): Promise<SenderAnswer> {
    const sender = { [/^MG[0-9a-f]{32}$/i.test(from) ? 'MessagingServiceSid' : 'From']: from };
    const form = new URLSearchParams({ To: message.to, Body: message.text, ...sender, ...this.fixed });
    if (message.expiresAt) {
      const seconds = Math.floor((message.expiresAt.getTime() - this.clock.now().getTime()) / 1000);
      form.set('ValidityPeriod', String(Math.min(Math.max(seconds, 1), longestValidity)));
    }
    const answer = answerOf(await this.poster.post(form.toString(), { authorization: this.authorization, 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' }));
    return { answer, refused: 'reason' in answer && aboutSender.has(answer.reason.split(' ')[0] ?? '') };
  }

  close(): void {
    this.poster.close();
  }
}

function answerOf(posted: Posted): ProviderAnswer {
  if (posted.kind !== 'answered') return { outcome: posted.kind === 'not_sent' ? 'transient' : 'unknown', reason: posted.reason };
  const { status } = posted;
  const body = jsonObject(posted.body);
  if (status >= 200 && status < 300) {
    if (typeof body?.['sid'] !== 'string' || body['sid'] === '') return { outcome: 'unknown', reason: 'an answer without a message id' };
    // Made and refused in the same breath.
    if (body['status'] === 'failed' || body['status'] === 'undelivered' || body['status'] === 'canceled') return refusal(body['error_code'], `${status}, ${body['status']}`);
    return { outcome: 'accepted', providerMessageId: body['sid'] };
  }
  if (answerLostBehind(status)) return { outcome: 'unknown', reason: `HTTP ${status}` };
  return refusal(body?.['code'], String(status));
}

// The message of an error may quote the number; its code does not.
function refusal(code: unknown, what: string): ProviderAnswer {
  const known = typeof code === 'number' ? code : undefined;
  return { outcome: known !== undefined && permanent.has(known) ? 'permanent' : 'transient', reason: known === undefined ? `HTTP ${what}` : `${known} (${what})` };
}
