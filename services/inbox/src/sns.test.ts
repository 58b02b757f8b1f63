import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { PublishCommandInput } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startInbox } from './inbox-under-test.ts';
import type { InboxUnderTest } from './inbox-under-test.ts';

let inbox: InboxUnderTest;
beforeAll(async () => {
  inbox = await startInbox();
});
afterAll(() => inbox.stop());
beforeEach(() => inbox.clear());

const publish = (input: PublishCommandInput) => inbox.sns.send(new PublishCommand(input));
const sms = (attributes: Record<string, string>) =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]));

describe('a text that SNS takes', () => {
  test('arrives as it was sent and is answered with ids', async () => {
    const text = 'Your Latchkey code: 012345 & <b>é€😀</b>\n\n@localhost #012345';
    const answer = await publish({
      PhoneNumber: '+15555550100',
      Message: text,
      MessageAttributes: sms({ 'AWS.SNS.SMS.SMSType': 'Transactional', 'AWS.SNS.SMS.SenderID': 'LATCHKEY', 'AWS.MM.SMS.OriginationNumber': '+18005550100' }),
    });
    expect(answer.MessageId).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.$metadata).toMatchObject({ httpStatusCode: 200, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    const [message, ...others] = await inbox.messages();
    expect(others).toEqual([]);
    expect(message).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      channel: 'sms',
      to: '+15555550100',
      text,
      receivedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
  });

  test('sent twice is shown twice', async () => {
    for (let time = 0; time < 2; time += 1) await publish({ PhoneNumber: '+15555550100', Message: 'the same' });
    const messages = await inbox.messages();
    expect(messages.map((message) => message.text)).toEqual(['the same', 'the same']);
    expect(new Set(messages.map((message) => message.id)).size).toBe(2);
  });

  test('may fill 1600 characters', async () => {
    await publish({ PhoneNumber: '+15555550100', Message: '😀'.repeat(1600) });
    expect(await inbox.messages()).toHaveLength(1);
  });
});

describe('SNS refuses, and nothing arrives', () => {
  const to = '+15555550100';
  test.each<[string, PublishCommandInput, string, string]>([
    ['a number without its plus sign', { PhoneNumber: '15555550100', Message: 'x' }, 'InvalidParameterException', 'PhoneNumber Reason: 15555550100 is not valid'],
    ['a number with 16 digits', { PhoneNumber: '+1234567890123456', Message: 'x' }, 'InvalidParameterException', 'is not valid to publish to'],
    ['a number with a leading zero', { PhoneNumber: '+0555555010', Message: 'x' }, 'InvalidParameterException', 'is not valid to publish to'],
    ['words for a number', { PhoneNumber: '+1 (555) <555>', Message: 'x' }, 'InvalidParameterException', '+1 (555) <555> is not valid'],
    ['an empty message', { PhoneNumber: to, Message: '' }, 'InvalidParameterException', 'Empty message'],
    ['no message', { PhoneNumber: to, Message: undefined }, 'ValidationError', "'message' failed to satisfy constraint"],
    ['1601 characters', { PhoneNumber: to, Message: 'x'.repeat(1601) }, 'InvalidParameterException', 'Message too long'],
    ['no recipient at all', { Message: 'x' }, 'InvalidParameterException', 'no value for required parameter'],
    ['a topic', { TopicArn: 'arn:aws:sns:eu-west-1:123456789012:t', Message: 'x' }, 'NotFoundException', 'Topic does not exist'],
    ['an unknown text type', { PhoneNumber: to, Message: 'x', MessageAttributes: sms({ 'AWS.SNS.SMS.SMSType': 'Urgent' }) }, 'InvalidParameterException', 'SMSType'],
    ['a sender id of 12 characters', { PhoneNumber: to, Message: 'x', MessageAttributes: sms({ 'AWS.SNS.SMS.SenderID': 'LATCHKEYAUTH' }) }, 'InvalidParameterException', 'SenderID'],
    ['a sender id of digits', { PhoneNumber: to, Message: 'x', MessageAttributes: sms({ 'AWS.SNS.SMS.SenderID': '12345' }) }, 'InvalidParameterException', 'SenderID'],
    ['a reserved attribute', { PhoneNumber: to, Message: 'x', MessageAttributes: sms({ 'AWS.SNS.SMS.SmsType': 'Promotional' }) }, 'InvalidParameterValueException', 'reserved prefix'],
    ['an attribute of no type', { PhoneNumber: to, Message: 'x', MessageAttributes: { a: { DataType: 'Text', StringValue: 'x' } } }, 'InvalidParameterValueException', 'supported type prefixes'],
    ['an attribute of no value', { PhoneNumber: to, Message: 'x', MessageAttributes: { a: { DataType: 'String', StringValue: '' } } }, 'InvalidParameterValueException', 'non-empty'],
  ])('%s', async (_what, input, name, words) => {
    const refusal = await publish(input).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ name, message: expect.stringContaining(words), $metadata: { requestId: expect.any(String) } });
    expect((refusal as { $metadata: { httpStatusCode: number } }).$metadata.httpStatusCode).toBe(name === 'NotFoundException' ? 404 : 400);
    expect(await inbox.messages()).toEqual([]);
  });
});

describe('a number that goes wrong on purpose', () => {
  const send = (ending: string) => publish({ PhoneNumber: `+1202${ending}`, Message: 'x' });

  test.each([
    ['9990001', 'Throttling', 400],
    ['9990002', 'OptedOutException', 400],
    ['9990003', 'InternalErrorException', 500],
  ])('%s is refused with %s', async (ending, name, status) => {
    await expect(send(ending)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: status } });
    expect(await inbox.messages()).toEqual([]);
  });

  test('9990004 arrives at once and is answered after three seconds', async () => {
    const before = Date.now();
    const answer = send('9990004');
    await expect.poll(() => inbox.messages()).toHaveLength(1);
    expect(Date.now() - before).toBeLessThan(2_000);
    expect((await answer).MessageId).toBeDefined();
    expect(Date.now() - before).toBeGreaterThanOrEqual(2_990);
  });

  test('9990005 arrives though its answer is lost', async () => {
    await expect(send('9990005')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await inbox.messages()).toHaveLength(1);
  });

  test('9990005 arrives three times for a sender that tries three times', async () => {
    const patient = new SNSClient({ ...inbox.settings, maxAttempts: 3 });
    await expect(patient.send(new PublishCommand({ PhoneNumber: '+12029990005', Message: 'x' }))).rejects.toMatchObject({ $metadata: { attempts: 3 } });
    expect(await inbox.messages()).toHaveLength(3);
  });

  test('9990006 is taken and never arrives', async () => {
    expect((await send('9990006')).MessageId).toBeDefined();
    expect(await inbox.messages()).toEqual([]);
  });
});
