import { randomBytes, randomUUID } from 'node:crypto';
import { simpleParser } from 'mailparser';
import type { AddressObject } from 'mailparser';
import { AwsError } from './aws-query.ts';
import type { QueryParameters } from './aws-query.ts';
import { checkRawMail, parseMailbox, requireOneLine } from './mail-headers.ts';

/** Limits of the SES v1 API. */
const largestMail = 10 * 1024 * 1024;
const mostRecipients = 50;

/** A mail that SES would take; every recipient gets a copy. */
export type Mail = { messageId: string; from: string; recipients: string[]; subject: string | undefined; text: string; html: string | undefined; headers?: Record<string, string> };

/** SES `SendEmail`: the parts are given apart. Throws the `AwsError` that SES answers with. */
export async function sendEmail(parameters: QueryParameters, verifiedSenders: string[]): Promise<Mail> {
  const from = parameters.require('Source');
  const subject = requireOneLine('Subject', parameters.require('Message.Subject.Data'));
  const text = parameters.get('Message.Body.Text.Data');
  const html = parameters.get('Message.Body.Html.Data');
  if (!text && !html) throw new AwsError('InvalidParameterValue', 'Message body must contain at least one of Text and Html.');
  for (const replyTo of parameters.list('ReplyToAddresses')) parseMailbox(replyTo);
  checkSize(Buffer.byteLength(`${subject}${text ?? ''}${html ?? ''}`));
  const recipients = parseRecipients(['To', 'Cc', 'Bcc'].flatMap((kind) => parameters.list(`Destination.${kind}Addresses`)));
  checkSenders([from], verifiedSenders);
  return { messageId: newMessageId(), from, recipients, subject, text: text ?? (await textOf(html ?? '')), html: html || undefined };
}

/** SES `SendRawEmail`: a whole RFC 5322 message. Throws the `AwsError` that SES answers with. */
export async function sendRawEmail(parameters: QueryParameters, verifiedSenders: string[]): Promise<Mail> {
  const raw = decodeBase64(parameters.require('RawMessage.Data'));
  checkSize(raw.length);
  const { senders, headerRecipients, ...mail } = await readRawMail(raw);
  const named = parameters.list('Destinations');
  const recipients = parseRecipients(named.length > 0 ? named : headerRecipients);
  const source = parameters.get('Source');
  checkSenders(source === undefined ? senders : [source, ...senders], verifiedSenders);
  return { messageId: newMessageId(), recipients, ...mail };
}

/** Reads a whole mail. Throws an `AwsError` for what is none. */
export async function readRawMail(raw: Buffer) {
  const headers = checkRawMail(raw);
  const mail = await simpleParser(raw, { skipTextToHtml: true }).catch((error: unknown) => {
    throw new AwsError('InvalidParameterValue', `Could not parse the message: ${error instanceof Error ? error.message : 'unknown reason'}`);
  });
  const senders = addressesIn(mail.from);
  if (senders.length === 0) throw new AwsError('InvalidParameterValue', "Missing required header 'From'.");
  // A line break can also hide in an encoded word, and comes out only now.
  if (mail.subject !== undefined) requireOneLine('Subject', mail.subject);
  return {
    from: mail.from?.text ?? senders.join(', '),
    senders,
    headerRecipients: [mail.to, mail.cc, mail.bcc].flatMap(addressesIn),
    subject: mail.subject,
    text: mail.text ?? '',
    html: mail.html || undefined,
    headers: Object.fromEntries(headers),
  };
}

function parseRecipients(given: string[]): string[] {
  if (given.length === 0) throw new AwsError('InvalidParameterValue', "Missing required header 'To'.");
  if (given.length > mostRecipients) throw new AwsError('InvalidParameterValue', `Recipient count exceeds ${mostRecipients}.`);
  return given.map((recipient) => parseMailbox(recipient).address);
}

function checkSenders(senders: string[], verifiedSenders: string[]): void {
  const failed = senders
    .map((sender) => parseMailbox(sender).address)
    .filter((address) => !isVerified(address, verifiedSenders));
  if (failed.length > 0) {
    throw new AwsError('MessageRejected', `Email address is not verified. The following identities failed the check: ${[...new Set(failed)].join(', ')}`);
  }
}

/** Whether mail may come from this address: it, or its whole domain, is named. */
export function isVerified(address: string, verifiedSenders: string[]): boolean {
  const lower = address.toLowerCase();
  return verifiedSenders.includes(lower) || verifiedSenders.includes(lower.slice(lower.lastIndexOf('@') + 1));
}

function addressesIn(header: AddressObject | AddressObject[] | undefined): string[] {
  const mailboxes = [header ?? []].flat().flatMap((object) => object.value);
  // What is no address is kept as its name, so that it is refused and not passed over.
  return mailboxes.flatMap((mailbox) => mailbox.group ?? [mailbox]).flatMap((mailbox) => mailbox.address || mailbox.name || []);
}

function decodeBase64(data: string): Buffer {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(data) || data.length % 4 !== 0) throw new AwsError('MalformedInput', 'RawMessage.Data is not base64.');
  return Buffer.from(data, 'base64');
}

/** The words of an HTML mail that has no text part. */
async function textOf(html: string): Promise<string> {
  const mail = await simpleParser(`Content-Type: text/html; charset=utf-8\r\n\r\n${html}`);
  return mail.text ?? '';
}

function checkSize(bytes: number): void {
  if (bytes > largestMail) throw new AwsError('InvalidParameterValue', `Message length is more than ${largestMail} bytes long: '${bytes}'.`);
}

/** SES's ids look like `0100018f2a…-<uuid>-000000`. */
export function newMessageId(): string {
  return `${randomBytes(8).toString('hex')}-${randomUUID()}-000000`;
}
