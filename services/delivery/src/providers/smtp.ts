import type { Readable } from 'node:stream';
import { createTransport, type Transporter } from 'nodemailer';
import { addressOf, composeMail } from './compose-mail.ts';
import type { OutgoingMessage, Provider, ProviderAnswer } from './provider.ts';
import { askAs, emailSenders, type SenderAnswer } from './sender.ts';

/** How a connection is kept private: from its first byte, by STARTTLS, or not at all. */
export type SmtpSecurity = 'tls' | 'starttls' | 'none';

/** Emails through an SMTP relay, over a few kept connections. */
export class SmtpProvider implements Provider {
  readonly name: string;
  readonly channels = ['email'] as const;
  private readonly transporter: Transporter;
  private readonly from: string;
  private readonly timeoutMs: number;
  /** The streams by which the transport reads each message, while it is on its way. */
  private readonly streams = new WeakMap<Buffer, Readable[]>();

  constructor(options: {
    name?: string;
    host: string;
    port?: number | undefined;
    security?: SmtpSecurity;
    user?: string | undefined;
    password?: string | undefined;
    from: string;
    /** PEM of an authority of the relay's own. */
    ca?: string | undefined;
    maxConnections?: number;
    /** For everything from waiting for a connection to the relay's last answer. */
    timeoutMs?: number;
  }) {
    const security = options.security ?? 'starttls';
    this.name = options.name ?? 'smtp';
    this.from = options.from;
    this.timeoutMs = options.timeoutMs ?? 8_000;
    this.transporter = createTransport({
      pool: true,
      host: options.host,
      port: options.port ?? (security === 'tls' ? 465 : 587),
      secure: security === 'tls',
      requireTLS: security === 'starttls',
      ignoreTLS: security === 'none',
      ...(options.ca ? { tls: { ca: options.ca } } : {}),
      ...(options.user === undefined ? {} : { auth: { user: options.user, pass: options.password ?? '' } }),
      maxConnections: options.maxConnections ?? 5,
      // Only what no byte was sent of, over a connection that the relay had closed meanwhile.
      maxRequeues: 2,
    });
    this.transporter.use('stream', (mail, done) => {
      mail.message?.processFunc((stream) => {
        this.streams.get(mail.data.raw as Buffer)?.push(stream);
        return stream;
      });
      done();
    });
  }

  async send(message: OutgoingMessage): Promise<ProviderAnswer> {
    if (message.channel !== 'email') throw new Error('SMTP sends emails');
    return askAs(emailSenders(message, this.from), (from) => this.sendFrom(from, message));
  }

  private async sendFrom(from: string, message: Extract<OutgoingMessage, { channel: 'email' }>): Promise<SenderAnswer> {
    const mime = await composeMail(message, from).catch(() => undefined);
    if (!mime) return { answer: { outcome: 'permanent', reason: 'no email can be written to this address' }, refused: false };
    this.streams.set(mime, []);
    try {
      const { response } = await this.transporter.sendMail({
        envelope: { from: addressOf(from), to: [message.to] },
        raw: mime,
        signal: AbortSignal.timeout(this.timeoutMs),
      });
      return { answer: { outcome: 'accepted', providerMessageId: queueId(response) ?? message.messageId }, refused: false };
    } catch (error) {
      const answer = answerToSmtpError(error, (this.streams.get(mime) ?? []).some((stream) => stream.readableDidRead));
      return { answer, refused: answer.outcome !== 'unknown' && mayBeAboutSender(error) };
    }
  }

  close(): void {
    this.transporter.close();
  }
}

/** Relays say no to a sender at once, or not before they know the recipient or the header of the mail. */
const mayBeAboutSender = (error: unknown): boolean => {
  const { command = '', responseCode = 0 } = error as { command?: string; responseCode?: number };
  return responseCode >= 550 && responseCode < 560 && ['MAIL FROM', 'RCPT TO', 'DATA'].includes(command);
};

/** What the relay calls the message in its own log: Postfix, Exim, Amazon SES. */
const queueId = (response = '') => (/queued as ([\w-]+)/i.exec(response) ?? /\bid=([\w-]+)/.exec(response) ?? /^250 Ok ([\w-]{16,})$/i.exec(response))?.[1];

/** `begun`: the relay was ready for the message itself (354) and got some of it. */
export function answerToSmtpError(error: unknown, begun: boolean): ProviderAnswer {
  const { code = 'Error', command = '', responseCode = 0, response = '' } = error as { code?: string; command?: string; responseCode?: number; response?: string };
  // Words of a reply may quote the address; its codes don't. RFC 3463.
  const enhanced = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1];
  const reason = responseCode ? [command, responseCode, enhanced].filter(Boolean).join(' ') : code;
  if (code === 'EENVELOPE' && !responseCode) return { outcome: 'permanent', reason: 'no email can be written to this address' };
  // A reply that nobody asked for (EPROTOCOL) answers nothing.
  if (responseCode >= 400 && code !== 'EPROTOCOL') {
    const ofThisMessage = command === 'RCPT TO' || command === 'DATA';
    // 530 and up to 538: the relay wants other credentials.
    const ofCredentials = responseCode >= 530 && responseCode <= 538;
    return { outcome: responseCode >= 500 && ofThisMessage && !ofCredentials ? 'permanent' : 'transient', reason };
  }
  return { outcome: begun ? 'unknown' : 'transient', reason };
}
