import { createHmac } from 'node:crypto';
import type { TwilioAccount } from './config.ts';
import type { OutgoingReceipt } from './receipt-sender.ts';

/** The status callbacks of a text, signed as Twilio does: sent, then what became of it. Twilio tries each once. */
export function twilioReceipts(
  text: { sid: string; account: TwilioAccount; to: string; from: string; messagingServiceSid: string | undefined },
  url: string,
  outcome: 'delivered' | 'failed',
): OutgoingReceipt[] {
  const steps = outcome === 'delivered' ? [{ MessageStatus: 'sent' }, { MessageStatus: 'delivered' }] : [{ MessageStatus: 'sent' }, { MessageStatus: 'undelivered', ErrorCode: '30003' }];
  return steps.map((step) => {
    const fields: Record<string, string> = {
      AccountSid: text.account.sid,
      ApiVersion: '2010-04-01',
      From: text.from,
      MessageSid: text.sid,
      SmsSid: text.sid,
      SmsStatus: step.MessageStatus,
      To: text.to,
      ...(text.messagingServiceSid === undefined ? {} : { MessagingServiceSid: text.messagingServiceSid }),
      ...step,
    };
    const signed = url + Object.keys(fields).sort().map((name) => name + fields[name]).join('');
    const signature = createHmac('sha1', text.account.authToken).update(signed).digest('base64');
    const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8', 'x-twilio-signature': signature };
    return { url, tries: 1, build: () => ({ body: new URLSearchParams(fields).toString(), headers }) };
  });
}
