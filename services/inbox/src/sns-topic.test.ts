import { createVerify, X509Certificate } from 'node:crypto';
import { SendEmailCommand } from '@aws-sdk/client-ses';
import { PublishCommand } from '@aws-sdk/client-sns';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startInbox } from './inbox-under-test.ts';
import type { InboxUnderTest } from './inbox-under-test.ts';
import { startReceiver } from './receiver-under-test.ts';
import type { ReceiverUnderTest } from './receiver-under-test.ts';

const topicArn = 'arn:aws:sns:eu-west-1:123456789012:mail';
let inbox: InboxUnderTest;
let receiver: ReceiverUnderTest;
beforeEach(async () => {
  receiver = await startReceiver();
  inbox = await startInbox({ ses: { topicArn, receiptUrl: `${receiver.url}/ses` } });
});
afterEach(async () => {
  await inbox.stop();
  await receiver.stop();
});

const send = (to: string) =>
  inbox.ses.send(new SendEmailCommand({ Source: 'no-reply@localhost', Destination: { ToAddresses: [to] }, Message: { Subject: { Data: 'Code' }, Body: { Text: { Data: '012345' } } } }));
const came = () => receiver.came.map(({ body }) => JSON.parse(body) as Record<string, string>);
const notifications = () => came().filter(({ Type }) => Type === 'Notification').map(({ Message }) => JSON.parse(Message ?? '') as Record<string, any>);

async function confirm() {
  await expect.poll(came).toMatchObject([{ Type: 'SubscriptionConfirmation' }]);
  return fetch(came()[0]?.['SubscribeURL'] ?? '');
}

test('nothing is told before the subscription is confirmed, and what happened meanwhile is told then', async () => {
  const { MessageId } = await send('jane@example.com');
  expect((await confirm()).status).toBe(200);
  await send('joe@example.com');
  await expect.poll(notifications).toHaveLength(2);
  expect(notifications()[0]).toMatchObject({ notificationType: 'Delivery', mail: { messageId: MessageId }, delivery: { recipients: ['jane@example.com'] } });
});

test('only the right token confirms', async () => {
  await send('jane@example.com');
  await expect.poll(came).toHaveLength(1);
  expect((await fetch(`${inbox.url}/?Action=ConfirmSubscription&TopicArn=${topicArn}&Token=x`)).status).toBe(400);
  expect((await fetch(`${inbox.url}/?Action=ConfirmSubscription`)).status).toBe(400);
  expect((await fetch(inbox.url)).headers.get('content-type')).toContain('text/html');
});

test('everything is signed by the certificate that it names', async () => {
  await send('jane@example.com');
  await confirm();
  await send('bounce@simulator.amazonses.com');
  await expect.poll(notifications).not.toEqual([]);
  for (const message of came()) {
    const certificate = new X509Certificate(await (await fetch(message['SigningCertURL'] ?? '')).text());
    expect(certificate.subject).toBe('CN=sns.amazonaws.com');
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    const names = message['Type'] === 'Notification' ? ['Message', 'MessageId', 'Timestamp', 'TopicArn', 'Type'] : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
    const verify = createVerify('RSA-SHA256').update(names.map((name) => `${name}\n${message[name]}\n`).join(''));
    expect(verify.verify(certificate.publicKey, message['Signature'] ?? '', 'base64')).toBe(true);
  }
});

test.each([
  ['bounce@simulator.amazonses.com', 'Bounce'],
  ['jane9990007@example.com', 'Bounce'],
  ['success@simulator.amazonses.com', 'Delivery'],
])('%s: %s', async (to, notificationType) => {
  await send(to);
  await confirm();
  await send(to);
  await expect.poll(notifications).not.toEqual([]);
  expect(notifications()[0]).toMatchObject({ notificationType });
});

test('texts have no receipts over HTTP, as SNS has none, and mail without a receipt has none', async () => {
  await send('jane@example.com');
  await confirm();
  await inbox.sns.send(new PublishCommand({ PhoneNumber: '+15555550100', Message: 'x' }));
  await send('jane9990008@example.com');
  await send('jane9990006@example.com');
  const { MessageId } = await send('last@example.com');
  await expect.poll(() => notifications().map(({ mail }) => mail.messageId)).toContain(MessageId);
  expect(notifications().flatMap(({ mail }) => mail.destination).sort()).toEqual(['jane@example.com', 'last@example.com'].sort());
});
