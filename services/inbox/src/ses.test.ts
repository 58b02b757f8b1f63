import { SendEmailCommand, SendRawEmailCommand } from '@aws-sdk/client-ses';
import type { SendEmailCommandInput, SendRawEmailCommandInput } from '@aws-sdk/client-ses';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startInbox, writeMail } from './inbox-under-test.ts';
import type { InboxUnderTest } from './inbox-under-test.ts';

let inbox: InboxUnderTest;
beforeAll(async () => {
  inbox = await startInbox();
});
afterAll(() => inbox.stop());
beforeEach(() => inbox.clear());

const sendRaw = (raw: Buffer | string, more: Partial<SendRawEmailCommandInput> = {}) =>
  inbox.ses.send(new SendRawEmailCommand({ RawMessage: { Data: Buffer.from(raw) }, ...more }));

const mail = { from: '"Latchkey" <no-reply@localhost>', to: 'owner@example.com', subject: 'Ihr Code: 012345 – grüße 😀', text: 'Ihr Code: 012345\n', html: '<p>Ihr Code: <b>012345</b> für Zoë</p>' };

const simple = (changes: { source?: string; to?: string[]; subject?: string; text?: string; html?: string; replyTo?: string[] } = {}): SendEmailCommandInput => ({
  Source: changes.source ?? 'no-reply@localhost',
  Destination: { ToAddresses: changes.to ?? ['owner@example.com'] },
  ReplyToAddresses: changes.replyTo,
  Message: {
    Subject: { Data: changes.subject ?? 'Code', Charset: 'UTF-8' },
    Body: { Text: { Data: changes.text ?? 'Your code: 012345' }, ...(changes.html === undefined ? {} : { Html: { Data: changes.html } }) },
  },
});

describe('mail that SES takes', () => {
  test('raw, with a UTF-8 subject and both parts, arrives decoded', async () => {
    const answer = await sendRaw(await writeMail({ ...mail, headers: { 'Auto-Submitted': 'auto-generated' } }));
    expect(answer.MessageId).toMatch(/^[0-9a-f]{16}-[0-9a-f-]{36}-000000$/);
    expect(answer.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
    const messages = await inbox.messages();
    expect(messages).toEqual([
      { id: expect.any(String), channel: 'email', to: 'owner@example.com', subject: mail.subject, text: mail.text, html: mail.html, receivedAt: expect.any(String), headers: expect.any(Object) },
    ]);
    expect(Object.keys(messages[0] ?? {})).toEqual(['id', 'channel', 'to', 'subject', 'text', 'html', 'receivedAt', 'headers']);
    expect(messages[0]?.headers).toMatchObject({ from: 'Latchkey <no-reply@localhost>', 'auto-submitted': 'auto-generated' });
  });

  test('raw, goes to the destinations named apart rather than to its headers', async () => {
    await sendRaw(await writeMail(mail), { Source: 'no-reply@localhost', Destinations: ['one@example.com', 'Two <two@example.com>'] });
    expect((await inbox.messages()).map((message) => message.to).sort()).toEqual(['one@example.com', 'two@example.com']);
  });

  test('given in parts, a copy for everybody in To, Cc and Bcc', async () => {
    await inbox.ses.send(
      new SendEmailCommand({
        ...simple({ subject: 'Grüße', html: '<p>hi</p>' }),
        Destination: { ToAddresses: ['a@example.com'], CcAddresses: ['b@example.com'], BccAddresses: ['c@example.com'] },
      }),
    );
    const messages = await inbox.messages();
    expect(messages.map((message) => message.to).sort()).toEqual(['a@example.com', 'b@example.com', 'c@example.com']);
    expect(messages[0]).toMatchObject({ subject: 'Grüße', text: 'Your code: 012345', html: '<p>hi</p>' });
  });

  test('of HTML alone still has its words as text', async () => {
    await inbox.ses.send(new SendEmailCommand({ ...simple(), Message: { Subject: { Data: 'Code' }, Body: { Html: { Data: '<p>Code <b>012345</b></p>' } } } }));
    expect((await inbox.messages())[0]?.text.trim()).toBe('Code 012345');
  });

  test('may come from any address of a verified domain', async () => {
    await sendRaw(await writeMail({ ...mail, from: 'Alerts <alerts@latchkey.example>' }));
    expect(await inbox.messages()).toHaveLength(1);
  });

  test('of nearly 10 MB arrives', async () => {
    await inbox.ses.send(new SendEmailCommand(simple({ text: 'é'.repeat(5_200_000) })));
    expect((await inbox.messages())[0]?.text).toHaveLength(5_200_000);
  });
});

describe('SES refuses mail in parts, and nothing arrives', () => {
  test.each<[string, SendEmailCommandInput, string, string]>([
    ['no recipient', simple({ to: [] }), 'InvalidParameterValue', "Missing required header 'To'"],
    ['a recipient without a domain', simple({ to: ['owner'] }), 'InvalidParameterValue', "Missing final '@domain'"],
    ['a recipient without a name', simple({ to: ['@example.com'] }), 'InvalidParameterValue', 'User name is missing'],
    ['a recipient with a bad domain', simple({ to: ['owner@exa_mple.com'] }), 'InvalidParameterValue', 'Domain contains illegal character'],
    ['a recipient with a space', simple({ to: ['ow ner@example.com'] }), 'InvalidParameterValue', 'control or whitespace'],
    ['one bad recipient among good ones', simple({ to: ['owner@example.com', 'a..b@example.com'] }), 'InvalidParameterValue', 'Illegal address'],
    ['51 recipients', simple({ to: Array.from({ length: 51 }, (_, index) => `p${index}@example.com`) }), 'InvalidParameterValue', 'exceeds 50'],
    ['a header smuggled in through the recipient', simple({ to: ['owner@example.com\r\nBcc: thief@example.com'] }), 'InvalidParameterValue', 'control or whitespace'],
    ['a header smuggled in through the subject', simple({ subject: 'Code\r\nBcc: thief@example.com' }), 'InvalidParameterValue', 'line break'],
    ['a header smuggled in through the sender', simple({ source: 'no-reply@localhost\nBcc: thief@example.com' }), 'InvalidParameterValue', 'control or whitespace'],
    ['a header smuggled in through Reply-To', simple({ replyTo: ['a@example.com\nBcc: thief@example.com'] }), 'InvalidParameterValue', 'control or whitespace'],
    ['an unverified sender', simple({ source: 'no-reply@other.example' }), 'MessageRejected', 'no-reply@other.example'],
    ['another address of a domain of which only one is verified', simple({ source: 'root@localhost' }), 'MessageRejected', 'not verified'],
    ['an empty body', simple({ text: '' }), 'InvalidParameterValue', 'at least one of'],
    ['more than 10 MiB', simple({ text: 'x'.repeat(10 * 1024 * 1024) }), 'InvalidParameterValue', 'Message length is more than 10485760 bytes'],
  ])('%s', async (_what, input, name, words) => {
    await expect(inbox.ses.send(new SendEmailCommand(input))).rejects.toMatchObject({ name, message: expect.stringContaining(words), $metadata: { httpStatusCode: 400 } });
    expect(await inbox.messages()).toEqual([]);
  });
});

describe('SES refuses raw mail, and nothing arrives', () => {
  const head = 'From: no-reply@localhost\r\nTo: owner@example.com\r\nSubject: x\r\n';
  test.each([
    ['no From', 'To: owner@example.com\r\nSubject: x\r\n\r\nhello', 'InvalidParameterValue', "Missing required header 'From'"],
    ['no recipient', 'From: no-reply@localhost\r\nSubject: x\r\n\r\nhello', 'InvalidParameterValue', "Missing required header 'To'"],
    ['two subjects', `${head}Subject: y\r\n\r\nhello`, 'InvalidParameterValue', "Duplicate header 'Subject'"],
    ['two senders in two headers', `${head}From: thief@example.com\r\n\r\nhello`, 'InvalidParameterValue', "Duplicate header 'From'"],
    ['text where headers belong', 'hello there\r\nhow are you', 'InvalidParameterValue', 'Illegal header line'],
    ['a null character', `${head}\r\nhel\0lo`, 'InvalidParameterValue', 'null character'],
    ['a line of 999 characters', `${head}\r\n${'x'.repeat(999)}`, 'InvalidParameterValue', 'longer than 998'],
    ['parts without a boundary', `${head}Content-Type: multipart/alternative\r\n\r\nhello`, 'InvalidParameterValue', "Missing parameter 'boundary'"],
    ['parts that never end', `${head}Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nhello`, 'InvalidParameterValue', 'end boundary'],
    ['a bad recipient', 'From: no-reply@localhost\r\nTo: owner\r\n\r\nhello', 'InvalidParameterValue', "Missing final '@domain'"],
    ['an unverified sender', 'From: x@other.example\r\nTo: owner@example.com\r\n\r\nhello', 'MessageRejected', 'x@other.example'],
    ['nothing', '', 'MalformedInput', 'base64'],
  ])('%s', async (_what, raw, name, words) => {
    await expect(sendRaw(raw)).rejects.toMatchObject({ name, message: expect.stringContaining(words) });
    expect(await inbox.messages()).toEqual([]);
  });

  test('a verified From behind an unverified Source', async () => {
    await expect(sendRaw(await writeMail(mail), { Source: 'x@other.example' })).rejects.toMatchObject({ name: 'MessageRejected' });
    expect(await inbox.messages()).toEqual([]);
  });

  test('more than 10 MiB', async () => {
    await expect(sendRaw(`${head}\r\n${'x\r\n'.repeat(3_500_000)}`)).rejects.toMatchObject({ name: 'InvalidParameterValue', message: expect.stringContaining('10485760') });
  });

  test('more than any call may hold', async () => {
    await expect(sendRaw(`${head}\r\n${'x\r\n'.repeat(9_000_000)}`)).rejects.toMatchObject({ name: 'RequestEntityTooLarge', $metadata: { httpStatusCode: 413 } });
  });
});

describe('an address that goes wrong on purpose', () => {
  test.each([
    ['jane9990001@example.com', 'Throttling', 400],
    ['jane9990002@example.com', 'MessageRejected', 400],
    ['jane9990003@example.com', 'InternalFailure', 500],
  ])('%s is refused with %s', async (to, name, status) => {
    await expect(inbox.ses.send(new SendEmailCommand(simple({ to: ['owner@example.com', to] })))).rejects.toMatchObject({ name, $metadata: { httpStatusCode: status } });
    expect(await inbox.messages()).toEqual([]);
  });

  test.each(['jane9990006@example.com', 'bounce@simulator.amazonses.com', 'bounce+label@simulator.amazonses.com', 'suppressionlist@simulator.amazonses.com'])(
    '%s is taken and never arrives',
    async (to) => {
      expect((await inbox.ses.send(new SendEmailCommand(simple({ to: [to] })))).MessageId).toBeDefined();
      expect(await inbox.messages()).toEqual([]);
    },
  );

  test('jane9990005@example.com arrives though its answer is lost', async () => {
    await expect(inbox.ses.send(new SendEmailCommand(simple({ to: ['jane9990005@example.com'] })))).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await inbox.messages('?to=jane9990005@example.com')).toHaveLength(1);
  });

  test('success@simulator.amazonses.com arrives', async () => {
    await inbox.ses.send(new SendEmailCommand(simple({ to: ['success@simulator.amazonses.com'] })));
    expect(await inbox.messages()).toHaveLength(1);
  });
});
