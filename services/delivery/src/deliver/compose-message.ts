import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import splitSms from 'split-sms';
import { codeEmail, codeText } from '../messages/code-message.ts';
import type { OutgoingMessage } from '../providers/provider.ts';
import type { LedgerEntry } from './ledger.ts';

/** The message for one recipient, and what the ledger and the routes want to know of it. */
export function composeMessage({ channel, message, messageId }: LedgerEntry, code: string, to: string, now: Date): { outgoing: OutgoingMessage; country: string | null; segments: number | null } {
  const common = { to, messageId, expiresAt: new Date(message.expiresAt) };
  if (channel === 'email') return { outgoing: { ...common, channel, ...codeEmail(message, code, now) }, country: null, segments: null };
  const text = codeText(message, code);
  return { outgoing: { ...common, channel, text }, country: parsePhoneNumberFromString(to)?.country ?? null, segments: segmentsOf(text) };
}

// Seventy characters fit one segment in every alphabet.
const segmentsOf = (text: string): number => (text.length <= 70 ? 1 : splitSms.split(text).parts.length);
