import { AwsError } from './aws-query.ts';

/** An address apart: `"Latchkey" <no-reply@localhost>`. */
export type Mailbox = { display: string; address: string };

/** Reads one address as SES does. Throws `InvalidParameterValue` with the reason. */
export function parseMailbox(given: string): Mailbox {
  // A line break here would start a header of the caller's choosing.
  if (/[\r\n\0]/.test(given)) throw refuse('Local address contains control or whitespace');
  const named = /^\s*(?<display>"(?:[^"\\]|\\.)*"|[^<>"]*?)\s*<(?<address>[^<>]*)>\s*$/.exec(given)?.groups;
  const display = named?.['display'] ?? '';
  const address = named?.['address'] ?? given.trim();
  const at = address.lastIndexOf('@');
  const local = address.slice(0, Math.max(at, 0));
  const domain = address.slice(at + 1);
  if (at < 0 || domain === '') throw refuse("Missing final '@domain'");
  if (local === '') throw refuse(`User name is missing: '${address}'`);
  if (/[\s\p{Cc}]/u.test(local)) throw refuse('Local address contains control or whitespace');
  if (/[^\x21-\x7e]/.test(local)) throw refuse('Local address contains non-ASCII characters');
  if (local.length > 64 || /["(),:;<>@[\\\]]|^\.|\.$|\.\./.test(local)) throw refuse(`Illegal address: '${address}'`);
  if (/[\s\p{Cc}]/u.test(domain)) throw refuse('Domain contains control or whitespace');
  if (!/^(?=.{1,255}$)[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?)*$/i.test(domain)) throw refuse('Domain contains illegal character');
  return { display, address };
}

/** Refuses a header value that would start another header. */
export function requireOneLine(name: string, value: string): string {
  if (/[\r\n\0]/.test(value)) throw refuse(`Header '${name}' contains a line break or a null character.`);
  return value;
}

const onlyOnce = ['from', 'to', 'subject', 'date', 'message-id', 'reply-to', 'sender', 'mime-version', 'content-type', 'content-transfer-encoding'];

/** Refuses raw mail that is no RFC 5322 message, before anything lenient parses it; returns its headers, unfolded, by lower-case name. */
export function checkRawMail(raw: Buffer): Map<string, string> {
  const text = raw.toString('latin1');
  if (text.includes('\0')) throw refuse('Message contains a null character.');
  const lines = text.split(/\r?\n/);
  if (lines.some((line) => line.length > 998)) throw refuse('Message contains a line longer than 998 characters.');
  const end = lines.indexOf('');
  const unfolded = lines.slice(0, end < 0 ? lines.length : end).join('\n').replace(/\n(?=[ \t])/g, '').split('\n');
  const headers = new Map<string, string>();
  for (const line of unfolded) {
    const { name, value } = /^(?<name>[!-9;-~]+):(?<value>.*)$/.exec(line)?.groups ?? {};
    if (name === undefined || value === undefined) throw refuse(`Illegal header line: '${line.slice(0, 60)}'.`);
    const key = name.toLowerCase();
    if (headers.has(key) && onlyOnce.includes(key)) throw refuse(`Duplicate header '${name}'.`);
    headers.set(key, value.trim());
  }
  if (!headers.get('from')) throw refuse("Missing required header 'From'.");
  checkBoundary(headers.get('content-type') ?? '', lines);
  return headers;
}

function checkBoundary(contentType: string, lines: string[]): void {
  if (!/^multipart\//i.test(contentType)) return;
  const found = /;\s*boundary=(?:"(?<quoted>[^"]+)"|(?<bare>[^\s;]+))/i.exec(contentType)?.groups;
  const boundary = found?.['quoted'] ?? found?.['bare'];
  if (boundary === undefined) throw refuse("Missing parameter 'boundary' in header 'Content-Type'.");
  if (!lines.some((line) => line.trimEnd() === `--${boundary}`) || !lines.some((line) => line.trimEnd() === `--${boundary}--`)) {
    throw refuse('Multipart message without its start or end boundary.');
  }
}

function refuse(reason: string): AwsError {
  return new AwsError('InvalidParameterValue', reason);
}
