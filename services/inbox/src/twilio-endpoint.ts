import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { answerAs } from './answering.ts';
import type { InboxConfig, TwilioAccount } from './config.ts';
import type { MessageStore } from './message-store.ts';
import { arrives, type Misbehaviour, misbehaviourOf, receiptOf } from './misbehaviour.ts';
import type { ReceiptSender } from './receipt-sender.ts';
import { twilioReceipts } from './twilio-receipts.ts';

/** Twilio refuses longer texts than this many characters. */
const longestText = 1600;
const longestValidity = 36_000;

/** A refusal in Twilio's own terms. https://www.twilio.com/docs/api/errors */
class TwilioError extends Error {
  readonly code: number;
  readonly status: number;

  constructor(code: number, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** `POST /2010-04-01/Accounts/{AccountSid}/Messages.json`: what clients of Twilio's Messages API call. */
export function serveTwilio(app: FastifyInstance, config: InboxConfig, store: MessageStore, sender: ReceiptSender): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => done(null, body));

    scope.post<{ Params: { sid: string } }>('/2010-04-01/Accounts/:sid/Messages.json', { errorHandler: answerError }, async (request, reply) => {
      const account = authenticate(config.twilioAccounts, request.params.sid, request.headers.authorization);
      const text = readText(new URLSearchParams(String(request.body ?? '')));
      const misbehaviour = misbehaviourOf(text.to);
      refuseIfMeant(misbehaviour);

      const sid = `SM${randomBytes(16).toString('hex')}`;
      if (arrives(misbehaviour)) store.add({ channel: 'sms', to: text.to, text: text.body, from: text.from, providerMessageId: sid });
      const receipt = receiptOf(misbehaviour);
      if (receipt && text.statusCallback) sender.send(twilioReceipts({ sid, account, ...text }, text.statusCallback, receipt));
      request.log.info({ sid }, 'taken');
      return answerAs(misbehaviour, request, reply, { status: 201, type: 'application/json', body: JSON.stringify(resource(account, sid, text, misbehaviour === 'error_in_answer')) });
    });
  });
}

function authenticate(accounts: TwilioAccount[], sid: string, authorization = ''): TwilioAccount {
  const account = accounts.find((one) => one.sid === sid);
  const given = Buffer.from(Buffer.from(authorization.replace(/^Basic /i, ''), 'base64').toString());
  const right = Buffer.from(account ? `${account.sid}:${account.authToken}` : '');
  if (!account || given.length !== right.length || !timingSafeEqual(given, right)) throw new TwilioError(20003, 'Authenticate', 401);
  return account;
}

type Text = { to: string; from: string; body: string; statusCallback: string | undefined; messagingServiceSid: string | undefined };

function readText(form: URLSearchParams): Text {
  const to = form.get('To') ?? '';
  const messagingServiceSid = form.get('MessagingServiceSid') ?? undefined;
  const from = form.get('From') ?? messagingServiceSid;
  const body = form.get('Body') ?? '';
  const statusCallback = form.get('StatusCallback') ?? undefined;
  const validity = form.get('ValidityPeriod');
  if (to === '') throw new TwilioError(21604, "A 'To' phone number is required.");
  if (!from) throw new TwilioError(21603, "A 'From' phone number is required.");
  if (body === '') throw new TwilioError(21602, 'Message body is required.');
  if ([...body].length > longestText) throw new TwilioError(21617, 'The concatenated message body exceeds the 1600 character limit.');
  if (!/^\+[1-9]\d{6,14}$/.test(to)) throw new TwilioError(21211, `Invalid 'To' Phone Number: ${to}`);
  if (!/^(\+[1-9]\d{6,14}|\d{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}|MG[0-9a-f]{32})$/.test(from)) throw new TwilioError(21212, `Invalid From Number: ${from}`);
  if (statusCallback !== undefined && !/^https?:\/\//.test(statusCallback)) throw new TwilioError(21609, 'The StatusCallback URL is not a valid URL.');
  if (validity !== null && !(/^\d+$/.test(validity) && Number(validity) >= 1 && Number(validity) <= longestValidity)) throw new TwilioError(30001, 'ValidityPeriod must be 1 to 36000 seconds.');
  return { to, from, body, statusCallback, messagingServiceSid };
}

function refuseIfMeant(misbehaviour: Misbehaviour | undefined): void {
  if (misbehaviour === 'throttled') throw new TwilioError(20429, 'Too Many Requests', 429);
  if (misbehaviour === 'refused') throw new TwilioError(21610, 'Attempt to send to unsubscribed recipient');
  if (misbehaviour === 'broken') throw new TwilioError(20500, 'Internal Server Error', 500);
}

function resource(account: TwilioAccount, sid: string, text: Text, failed: boolean): Record<string, unknown> {
  const now = new Date().toUTCString().replace('GMT', '+0000');
  return {
    account_sid: account.sid,
    api_version: '2010-04-01',
    body: text.body,
    date_created: now,
    date_sent: null,
    date_updated: now,
    direction: 'outbound-api',
    error_code: failed ? 30005 : null,
    error_message: failed ? 'Unknown destination handset' : null,
    from: text.messagingServiceSid === undefined ? text.from : null,
    messaging_service_sid: text.messagingServiceSid ?? null,
    num_media: '0',
    num_segments: '1',
    price: null,
    price_unit: 'USD',
    sid,
    status: failed ? 'failed' : text.messagingServiceSid === undefined ? 'queued' : 'accepted',
    subresource_uris: { media: `/2010-04-01/Accounts/${account.sid}/Messages/${sid}/Media.json` },
    to: text.to,
    uri: `/2010-04-01/Accounts/${account.sid}/Messages/${sid}.json`,
  };
}

function answerError(error: unknown, request: { log: { error(...given: unknown[]): void; info(...given: unknown[]): void } }, reply: FastifyReply): void {
  const status = (error as { statusCode?: number }).statusCode;
  const refusal = error instanceof TwilioError ? error : status && status < 500 ? new TwilioError(20001, 'Bad Request', status) : new TwilioError(20500, 'Internal Server Error', 500);
  // The message may quote the number: only the code is logged.
  if (error instanceof TwilioError || refusal.status < 500) request.log.info({ code: refusal.code }, 'refused');
  else request.log.error({ err: error }, 'failed');
  void reply
    .code(refusal.status)
    .type('application/json')
    .send(JSON.stringify({ code: refusal.code, message: refusal.message, more_info: `https://www.twilio.com/docs/errors/${refusal.code}`, status: refusal.status }));
}
