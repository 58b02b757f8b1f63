import { timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import { type SMTPServerDataStream, type SMTPServerSession, SMTPServer } from 'smtp-server';
import { AwsError } from './aws-query.ts';
import type { InboxConfig, SmtpCredentials } from './config.ts';
import { parseMailbox } from './mail-headers.ts';
import type { MessageStore } from './message-store.ts';
import { arrives, misbehaviourOf, slowMs } from './misbehaviour.ts';
import { isVerified, newMessageId, readRawMail } from './ses.ts';
import type { TestCertificate } from './test-certificate.ts';

const largestMail = 10 * 1024 * 1024;

/** A reply that refuses, with its code. RFC 5321 4.2, RFC 3463. */
class SmtpReply extends Error {
  readonly responseCode: number;

  constructor(responseCode: number, message: string) {
    super(message);
    this.responseCode = responseCode;
  }
}

/** A mail relay that wants credentials and offers STARTTLS; tells of no deliveries, as SMTP has no receipts over HTTP. */
export function buildSmtp(credentials: SmtpCredentials, config: InboxConfig, store: MessageStore, certificate: TestCertificate, log: FastifyBaseLogger): SMTPServer {
  const server = new SMTPServer({
    name: 'inbox.localhost',
    banner: 'Latchkey dev inbox',
    key: certificate.privateKeyPem,
    cert: certificate.certificatePem,
    allowInsecureAuth: true,
    size: largestMail,
    closeTimeout: 200,
    logger: false,
    onAuth: ({ username, password }, _session, answer) => {
      if (same(username ?? '', credentials.user) && same(password ?? '', credentials.password)) answer(null, { user: credentials.user });
      else answer(new SmtpReply(535, '5.7.8 Authentication credentials invalid'));
    },
    onMailFrom: ({ address }, _session, answer) => answer(isVerified(address ?? '', config.verifiedSenders) ? null : new SmtpReply(553, '5.7.1 Sender address is not verified')),
    onRcptTo: ({ address }, _session, answer) => answer(refusalOf(address)),
    onData: (stream, session, answer) => {
      const reply = (error: Error | null, words?: string) => answer(error as Error, words);
      takeMail(stream, session).then(({ error, words }) => reply(error ?? null, words), (error: unknown) => {
        // What can't be read is told in the words of SES, whose parser reads it.
        if (error instanceof AwsError) return reply(new SmtpReply(554, `5.6.0 ${error.message}`));
        log.error({ err: error }, 'failed');
        reply(new SmtpReply(451, '4.3.0 Internal error'));
      });
    },
  });
  server.on('error', (error) => log.info({ reason: error.message }, 'a connection broke'));

  async function takeMail(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<{ error?: Error; words?: string }> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    const { from, subject, text, html, headers } = await readRawMail(Buffer.concat(chunks));
    const [recipient] = session.envelope.rcptTo;
    const misbehaviour = misbehaviourOf(recipient?.address ?? '');
    if (misbehaviour === 'broken') return { error: new SmtpReply(451, '4.3.0 Internal error') };
    if (misbehaviour === 'error_in_answer') return { error: new SmtpReply(554, '5.7.1 Message refused') };

    const providerMessageId = newMessageId();
    for (const { address } of session.envelope.rcptTo) {
      if (!arrives(misbehaviour)) continue;
      store.add({ channel: 'email', to: address, from, ...(subject !== undefined && { subject }), text, ...(html !== undefined && { html }), headers, providerMessageId });
    }
    log.info({ recipients: session.envelope.rcptTo.length }, 'taken');
    if (misbehaviour === 'slow') await wait(slowMs);
    // The nearest thing to a 504 that SMTP has: a refusal that may pass, though the mail went on.
    if (misbehaviour === 'gateway_timeout') return { error: new SmtpReply(421, '4.4.2 Timeout behind this relay') };
    const words = `2.0.0 Ok: queued as ${providerMessageId}`;
    const socket = socketOf(session);
    if (misbehaviour === 'lost_answer') socket?.destroy();
    if (misbehaviour === 'cut_off') socket?.end('25');
    return { words: misbehaviour === 'answered_twice' ? `${words}\r\n250 ${words}` : misbehaviour === 'accepted_for_later' ? `${words}, to be sent later` : words };
  }

  /** The library hides it, and only its socket can cut a reply in two. */
  function socketOf(session: SMTPServerSession): Socket | undefined {
    const connections = (server as unknown as { connections: Set<{ session: { id: string }; _socket: Socket }> }).connections;
    return [...connections].find((connection) => connection.session.id === session.id)?._socket;
  }

  return server;
}

function refusalOf(address: string): Error | null {
  try {
    parseMailbox(address);
  } catch {
    return new SmtpReply(501, '5.1.3 Bad recipient address syntax');
  }
  const misbehaviour = misbehaviourOf(address);
  if (misbehaviour === 'throttled') return new SmtpReply(451, '4.7.1 Too many messages, try again later');
  if (misbehaviour === 'refused') return new SmtpReply(550, `5.1.1 <${address}>: Recipient address rejected`);
  return null;
}

function same(given: string, right: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}
