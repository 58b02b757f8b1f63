import { createTransport } from 'nodemailer';
import type { OutgoingMessage } from './provider.ts';

// Composes only: who sends takes the finished MIME message, the one way to set headers of our own.
const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });

/** The whole email as MIME. Sent again it has the same Message-ID, so that a mailbox can tell that it is the same. */
export async function composeMail(message: Extract<OutgoingMessage, { channel: 'email' }>, from: string): Promise<Buffer> {
  const domain = addressOf(from).replace(/.*@/, '');
  const mail = await composer.sendMail({
    from,
    to: message.to,
    subject: message.subject,
    text: message.text,
    html: message.html,
    messageId: `<${message.messageId}@${domain}>`,
    // RFC 3834: no out-of-office answers to a code.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  });
  return mail.message as Buffer;
}

/** The address alone: `Demo <no-reply@demo.example>` is `no-reply@demo.example`. */
export const addressOf = (from: string): string => /<([^<>]*)>\s*$/.exec(from)?.[1] ?? from.trim();
