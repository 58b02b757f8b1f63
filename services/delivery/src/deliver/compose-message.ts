import type { CodeIssued, NoticeIssued } from '@latchkey/contracts';
import type { SealingKeys } from '@latchkey/platform';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { codeEmail, codeText } from '../messages/code-message.ts';
import { isTextNotice, renderNotice } from '../messages/notice-message.ts';
import { readArguments } from '../messages/notices.ts';
import { segmentsOf } from '../messages/one-segment.ts';
import type { OutgoingMessage } from '../providers/provider.ts';
import { isCode, type LedgerEntry } from './ledger-entry.ts';

/** The message for one recipient, and what the ledger and the routes want to know of it. */
export interface ComposedMessage {
  outgoing: OutgoingMessage;
  country: string | null;
  segments: number | null;
}

/** Opens what is sealed and puts it into words, or says why neither can be done; never with what was sealed. */
export async function openMessage(entry: LedgerEntry, keys: SealingKeys, now: Date): Promise<ComposedMessage | string> {
  const { message } = entry;
  const sealed = isCode(message) ? keys.open('code', message.sealedCode) : keys.open('notice', message.sealedArguments);
  const opened = await Promise.all([sealed, keys.open('destination', message.sealedDestination)]).catch(() => undefined);
  if (!opened) return 'not sealed with a key that is held here';
  const [secret, to] = opened;
  if (isCode(message)) return composed(entry, to, wordsOfCode(entry.channel, message, secret, now));
  try {
    return composed(entry, to, wordsOfNotice(entry.channel, message, secret));
  } catch {
    return `the notice ${message.kind} can not be put into words by ${entry.channel} with these arguments`;
  }
}

type Words = { text: string } | { subject: string; text: string; html: string };

const wordsOfCode = (channel: LedgerEntry['channel'], message: CodeIssued, code: string, now: Date): Words =>
  channel === 'email' ? codeEmail(message, code, now) : { text: codeText(message, code) };

function wordsOfNotice(channel: LedgerEntry['channel'], message: NoticeIssued, json: string): Words {
  const { kind } = message;
  if (channel === 'email') return renderNotice('email', kind, readArguments(kind, json), message);
  if (!isTextNotice(kind)) throw new Error(`${kind} goes by email only`);
  return renderNotice('sms', kind, readArguments(kind, json), message);
}

function composed({ messageId, message: { expiresAt, branding } }: LedgerEntry, to: string, words: Words): ComposedMessage {
  const common = { to, messageId, expiresAt: new Date(expiresAt) };
  if ('html' in words) return { outgoing: { ...common, channel: 'email', ...words, brand: branding.name, sender: branding.emailFrom }, country: null, segments: null };
  return { outgoing: { ...common, channel: 'sms', ...words, sender: branding.smsSender }, country: parsePhoneNumberFromString(to)?.country ?? null, segments: segmentsOf(words.text) };
}
