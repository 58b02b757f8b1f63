import { createHash } from 'node:crypto';
import { SESClient, SendEmailCommand } from '@aws-sdk/client-ses';
import { ListTopicsCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { SNSClientConfig } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { credentials, startInbox } from './inbox-under-test.ts';
import type { InboxUnderTest } from './inbox-under-test.ts';
import { verifySignature } from './signature.ts';
import type { SignedCall } from './signature.ts';

let inbox: InboxUnderTest;
beforeAll(async () => {
  inbox = await startInbox();
});
afterAll(() => inbox.stop());
beforeEach(() => inbox.clear());

const publishAs = (changes: Partial<SNSClientConfig>) => new SNSClient({ ...inbox.settings, ...changes }).send(new PublishCommand({ PhoneNumber: '+15555550100', Message: 'x' }));

describe('a signature AWS would refuse sends nothing', () => {
  test.each<[string, Partial<SNSClientConfig>, string, string]>([
    ['the wrong secret', { credentials: { ...credentials, secretAccessKey: 'wrong' } }, 'SignatureDoesNotMatch', 'does not match the signature you provided'],
    ['an unknown key', { credentials: { ...credentials, accessKeyId: 'AKIDOTHER' } }, 'InvalidClientTokenId', 'security token included in the request is invalid'],
    ['a session token nobody gave out', { credentials: { ...credentials, sessionToken: 'forged' } }, 'InvalidClientTokenId', 'security token'],
    ['a clock 16 minutes slow', { systemClockOffset: -16 * 60_000 }, 'SignatureDoesNotMatch', 'Signature expired'],
    ['a clock 16 minutes fast', { systemClockOffset: 16 * 60_000 }, 'SignatureDoesNotMatch', 'Signature not yet current'],
  ])('%s', async (_what, changes, name, words) => {
    await expect(publishAs(changes)).rejects.toMatchObject({ name, message: expect.stringContaining(words), $metadata: { httpStatusCode: 403 } });
    expect(await inbox.messages()).toEqual([]);
  });

  test('none at all', async () => {
    const answer = await fetch(inbox.url, { method: 'POST', body: new URLSearchParams({ Action: 'Publish', Version: '2010-03-31', PhoneNumber: '+15555550100', Message: 'x' }) });
    expect(answer.status).toBe(403);
    expect(answer.headers.get('content-type')).toContain('text/xml');
    expect(await answer.text()).toMatch(
      /^<ErrorResponse xmlns="http:\/\/sns.amazonaws.com\/doc\/2010-03-31\/"><Error><Type>Sender<\/Type><Code>MissingAuthenticationToken<\/Code><Message>Request is missing Authentication Token<\/Message><\/Error><RequestId>[0-9a-f-]{36}<\/RequestId><\/ErrorResponse>$/,
    );
    expect(await inbox.messages()).toEqual([]);
  });

  test('one of something else', async () => {
    for (const authorization of ['Bearer abc', 'AWS4-HMAC-SHA256 Credential=AKIDTEST/x', 'AWS4-HMAC-SHA256 ', 'AWS4-HMAC-SHA256 Credential=a/b/c/sns/aws4_request, SignedHeaders=host, Signature=00']) {
      const answer = await fetch(inbox.url, { method: 'POST', headers: { authorization }, body: 'Action=Publish' });
      expect([authorization, answer.status]).toEqual([authorization, 400]);
      expect(await answer.text()).toContain('<Code>IncompleteSignature</Code>');
    }
  });
});

test('a clock that is wrong by less than 15 minutes passes', async () => {
  await publishAs({ systemClockOffset: -14 * 60_000 });
  await publishAs({ systemClockOffset: 14 * 60_000 });
  expect(await inbox.messages()).toHaveLength(2);
});

test('a sender with a wrong clock sets it by the Date of the refusal', async () => {
  const client = new SNSClient({ ...inbox.settings, systemClockOffset: -60 * 60_000 });
  const send = () => client.send(new PublishCommand({ PhoneNumber: '+15555550100', Message: 'x' }));
  await expect(send()).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
  await send();
  expect(await inbox.messages()).toHaveLength(1);
});

test('a temporary key passes with its session token only', async () => {
  const temporary = await startInbox({ sessionToken: 'session-token' });
  const send = (sessionToken?: string) =>
    new SNSClient({ ...temporary.settings, credentials: { ...credentials, ...(sessionToken ? { sessionToken } : {}) } }).send(new PublishCommand({ PhoneNumber: '+15555550100', Message: 'x' }));
  await send('session-token');
  await expect(send()).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
  expect(await temporary.messages()).toHaveLength(1);
  await temporary.stop();
});

describe('an action nobody has', () => {
  test('is refused in SNS and SES alike', async () => {
    await expect(inbox.sns.send(new ListTopicsCommand({}))).rejects.toMatchObject({ name: 'InvalidAction', message: expect.stringContaining('ListTopics') });
  });

  test('includes an action of SNS asked of SES', async () => {
    const confused = new SESClient({ ...inbox.settings });
    confused.middlewareStack.add(
      (next) => (input) => {
        const { request } = input as { request: { body: string; headers: Record<string, string> } };
        request.body = request.body.replace('Action=SendEmail', 'Action=Publish');
        request.headers['content-length'] = String(Buffer.byteLength(request.body));
        return next(input);
      },
      { step: 'build', priority: 'low' },
    );
    const command = new SendEmailCommand({ Source: 'no-reply@localhost', Destination: { ToAddresses: ['a@example.com'] }, Message: { Subject: { Data: 'x' }, Body: { Text: { Data: 'x' } } } });
    await expect(confused.send(command)).rejects.toMatchObject({ name: 'InvalidAction' });
  });
});

describe('a signed call that was changed on its way', () => {
  let call: SignedCall;
  let signedAt: Date;

  // One real call, caught as the SDK is about to send it.
  beforeAll(async () => {
    const client = new SNSClient({ ...inbox.settings });
    client.middlewareStack.add(
      (next) => (input) => {
        const { method, path, headers, body } = (input as { request: { method: string; path: string; headers: Record<string, string>; body: string } }).request;
        call = { method, path, headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])), body: Buffer.from(body) };
        return next(input);
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    await client.send(new PublishCommand({ PhoneNumber: '+15555550100', Message: 'x' }));
    signedAt = new Date();
  });

  const own = { ...credentials, sessionToken: undefined };
  const changedBody = Buffer.from('Action=Publish&Version=2010-03-31&PhoneNumber=%2B15555550199&Message=x');

  test('passes unchanged', async () => {
    expect(await verifySignature(call, own, signedAt)).toBe('sns');
  });

  test.each<[string, () => SignedCall]>([
    ['body', () => ({ ...call, body: changedBody })],
    ['body, with a hash of the new one', () => ({ ...call, body: changedBody, headers: { ...call.headers, 'x-amz-content-sha256': createHash('sha256').update(changedBody).digest('hex') } })],
    ['body, called unsigned', () => ({ ...call, body: changedBody, headers: { ...call.headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } })],
    ['path', () => ({ ...call, path: '/other' })],
    ['query', () => ({ ...call, path: '/?Action=Other' })],
    ['host', () => ({ ...call, headers: { ...call.headers, host: 'elsewhere' } })],
    ['date', () => ({ ...call, headers: { ...call.headers, 'x-amz-date': new Date(signedAt.getTime() - 5_000).toISOString().replace(/[-:]|\.\d+/g, '') } })],
    ['service', () => ({ ...call, headers: { ...call.headers, authorization: String(call.headers.authorization).replace('/sns/', '/ses/') } })],
    ['service, to one that is not here', () => ({ ...call, headers: { ...call.headers, authorization: String(call.headers.authorization).replace('/sns/', '/s3/') } })],
    ['signed headers', () => ({ ...call, headers: { ...call.headers, authorization: String(call.headers.authorization).replace('host;', '') } })],
  ])('%s', async (_what, changed) => {
    await expect(verifySignature(changed(), own, signedAt)).rejects.toMatchObject({ code: 'SignatureDoesNotMatch', status: 403 });
  });

  test('replayed 16 minutes later', async () => {
    await expect(verifySignature(call, own, new Date(signedAt.getTime() + 16 * 60_000))).rejects.toMatchObject({ message: expect.stringContaining('Signature expired') });
  });
});
