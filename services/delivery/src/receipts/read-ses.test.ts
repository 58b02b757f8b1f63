import { expect, it } from 'vitest';
import { readNotification } from './read-ses.ts';

// After the examples of the SES guide: https://docs.aws.amazon.com/ses/latest/dg/notification-examples.html
const now = new Date('2026-11-01T12:00:00Z');
const timestamp = '2016-01-27T14:59:38.237Z';
const mail = {
  timestamp,
  source: 'john@example.com',
  sourceArn: 'arn:aws:ses:us-east-1:888888888888:identity/example.com',
  sendingAccountId: '123456789012',
  messageId: '00000138111222aa-33322211-cccc-cccc-cccc-ddddaaaa0680-000000',
  destination: ['jane@example.com'],
};
const bounced = (changes: Record<string, unknown>, recipient: Record<string, unknown> = {}) => ({
  notificationType: 'Bounce',
  bounce: { bounceType: 'Permanent', bounceSubType: 'General', bouncedRecipients: [{ emailAddress: 'jane@example.com', ...recipient }], timestamp, feedbackId: '0-1', ...changes },
  mail,
});
const read = (notification: unknown) => readNotification(typeof notification === 'string' ? notification : JSON.stringify(notification), now);
const failed = (reason: string) => [{ providerMessageId: mail.messageId, outcome: 'failed', reason, at: new Date(timestamp) }];

it('a delivery, told of by an identity or by a configuration set', () => {
  const delivery = { timestamp, processingTimeMillis: 546, recipients: ['jane@example.com'], smtpResponse: '250 ok:  Message 64111812 accepted', reportingMTA: 'a8-70.smtp-out.amazonses.com' };
  const expected = [{ providerMessageId: mail.messageId, outcome: 'delivered', at: new Date(timestamp) }];
  expect(read({ notificationType: 'Delivery', mail, delivery })).toEqual(expected);
  expect(read({ eventType: 'Delivery', mail, delivery })).toEqual(expected);
});

it.each([
  [bounced({}, { status: '5.1.1', action: 'failed', diagnosticCode: 'smtp; 550 5.1.1 <jane@example.com>... User' }), 'Permanent General 5.1.1'],
  [bounced({}), 'Permanent General'],
  [bounced({ bounceSubType: 'Suppressed' }, { status: '<jane@example.com>' }), 'Permanent Suppressed'],
  [bounced({ bounceType: 'Undetermined', bounceSubType: 'Undetermined' }), 'Undetermined Undetermined'],
  [bounced({ bounceType: 'Transient', bounceSubType: 'MailboxFull' }, { action: 'failed', status: '4.2.2' }), 'Transient MailboxFull 4.2.2'],
])('a bounce: %#', (notification, reason) => {
  expect(read(notification)).toEqual(failed(reason));
});

it("somebody's out-of-office answer to a message that arrived is no failure", () => {
  expect(read(bounced({ bounceType: 'Transient' }))).toEqual([]);
});

it('a message that SES did not send on after all', () => {
  expect(read({ eventType: 'Reject', mail, reject: { reason: 'Bad content' } })).toEqual([{ providerMessageId: mail.messageId, outcome: 'failed', reason: 'Reject', at: now }]);
});

it.each<[unknown]>([
  [{ notificationType: 'Complaint', mail, complaint: {} }],
  [{ notificationType: 'AmazonSnsSubscriptionSucceeded', message: 'You have successfully subscribed' }],
  [{ eventType: 'Send', mail, send: {} }],
  [{ eventType: 'Open', mail, open: {} }],
  [{ eventType: 'DeliveryDelay', mail, deliveryDelay: {} }],
  ['Successfully validated SNS topic for Amazon SES event publishing.'],
  ['null'],
  ['[]'],
  ['{}'],
])('says nothing of what became of a message: %j', (notification) => {
  expect(read(notification)).toEqual([]);
});

it.each([{ notificationType: 'Delivery', mail: {}, delivery: { timestamp } }, { notificationType: 'Delivery', mail }, { notificationType: 'Bounce', mail, bounce: { bounceType: 'Permanent' } }])('a receipt that lacks what it has to say is not taken for one: %j', (notification) => {
  expect(() => read(notification)).toThrow('invalid_request');
});
