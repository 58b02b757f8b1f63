import { createVerify, X509Certificate } from 'node:crypto';
import { Refusal } from '@latchkey/contracts';
import type { Clock } from '@latchkey/platform';
import { z } from 'zod';

// SNS tries for at most an hour to get a message to us, and signs it once, with its first time.
// https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
const oldestMs = 65 * 60_000;
const furthestAheadMs = 5 * 60_000;
const fetchTimeoutMs = 5_000;
const longestCertificate = 64 * 1024;
/** A new certificate comes once a year; whoever makes us look for more of them within a minute is not SNS. */
const mostLookUpsAMinute = 10;

const snsMessage = z.object({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  MessageId: z.string(),
  TopicArn: z.string(),
  Message: z.string(),
  Timestamp: z.string(),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.string(),
  SigningCertURL: z.url(),
  Subject: z.string().optional(),
  SubscribeURL: z.string().optional(),
  Token: z.string().optional(),
});
type SnsMessage = z.output<typeof snsMessage>;

// What a signature is over, in this order. https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
const signedFields = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
} as const;

/**
 * Opens what SNS posts to an HTTP subscriber: checks topic, age and signature, and confirms subscriptions by itself.
 * Nothing is asked for at an address that a message brings: the certificate's must be one of SNS, the confirmation's is
 * made from the topic, which the settings allow.
 */
export class SnsMessages {
  private readonly topicArns: ReadonlySet<string>;
  private readonly endpoint: string | undefined;
  private readonly clock: Clock;
  private readonly fetch: typeof fetch;
  private readonly certificates = new Map<string, X509Certificate>();
  private lookUps: number[] = [];

  /** `endpoint`: an address that stands in for SNS, as the development inbox does; then nothing else counts as SNS. */
  constructor(options: { topicArns: readonly string[]; endpoint?: string | undefined; clock: Clock; fetch?: typeof fetch }) {
    this.topicArns = new Set(options.topicArns);
    this.endpoint = options.endpoint === undefined ? undefined : new URL(options.endpoint).origin;
    this.clock = options.clock;
    this.fetch = options.fetch ?? fetch;
  }

  /** The text of a notification; undefined for a message that is only between SNS and us. */
  async open(body: string): Promise<string | undefined> {
    const message = parse(body);
    if (!message || !this.topicArns.has(message.TopicArn)) throw new Refusal('not_found');
    const age = this.clock.now().getTime() - Date.parse(message.Timestamp);
    if (!(age <= oldestMs && age >= -furthestAheadMs)) throw new Refusal('not_found');
    if (!this.isCertificateUrl(message.SigningCertURL)) throw new Refusal('not_found');
    if (!isSignedBy(await this.certificateAt(message.SigningCertURL), message)) throw new Refusal('not_found');

    if (message.Type === 'SubscriptionConfirmation') await this.confirm(message);
    return message.Type === 'Notification' ? message.Message : undefined;
  }

  private isCertificateUrl(url: string): boolean {
    const { protocol, host, origin, pathname, search, username } = new URL(url);
    if (!/^\/SimpleNotificationService-[0-9a-zA-Z]{32}\.pem$/.test(pathname) || search !== '' || username !== '') return false;
    if (this.endpoint) return origin === this.endpoint;
    return protocol === 'https:' && /^sns\.[a-z0-9-]{3,}\.amazonaws\.com(\.cn)?$/.test(host);
  }

  private async certificateAt(url: string): Promise<X509Certificate> {
    const now = this.clock.now().getTime();
    let certificate = this.certificates.get(url);
    if (!certificate) {
      this.lookUps = this.lookUps.filter((at) => at > now - 60_000);
      if (this.lookUps.push(now) > mostLookUpsAMinute) throw new Refusal('unavailable', { retryAfterSeconds: 60 });
      certificate = await this.fetchCertificate(url);
    }
    if (now < certificate.validFromDate.getTime() || now > certificate.validToDate.getTime()) throw new Refusal('not_found');
    if (!this.endpoint && !isOfSns(certificate.subject)) throw new Refusal('not_found');
    // Only what proved good is kept, so that one bad answer does not stay.
    this.certificates.set(url, certificate);
    return certificate;
  }

  private async confirm({ TopicArn, Token = '' }: SnsMessage): Promise<void> {
    const [, partition, , region] = TopicArn.split(':');
    const url = new URL(this.endpoint ?? `https://sns.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`);
    url.search = new URLSearchParams({ Action: 'ConfirmSubscription', TopicArn, Token }).toString();
    const answer = await this.fetch(url, { redirect: 'error', signal: AbortSignal.timeout(fetchTimeoutMs) }).catch(() => undefined);
    await answer?.body?.cancel();
    if (!answer?.ok) throw new Refusal('unavailable');
  }

  private async fetchCertificate(url: string): Promise<X509Certificate> {
    try {
      const answer = await this.fetch(url, { redirect: 'error', signal: AbortSignal.timeout(fetchTimeoutMs) });
      // No such certificate: forged. Everything else may pass.
      if (answer.status === 403 || answer.status === 404) throw new Refusal('not_found');
      if (!answer.ok || Number(answer.headers.get('content-length')) > longestCertificate) throw new Error(`HTTP ${answer.status}`);
      return new X509Certificate(await answer.text());
    } catch (error) {
      throw error instanceof Refusal ? error : new Refusal('unavailable');
    }
  }
}

/** Whether a certificate is one that SNS signs with: `sns.amazonaws.com`, or a name of its own for a region. */
export const isOfSns = (subject: string): boolean => /^CN=sns(-signing\.[a-z0-9-]+|-[a-z0-9-]+)?\.amazonaws\.com(\.cn)?$/m.test(subject);

function parse(body: string): SnsMessage | undefined {
  try {
    return snsMessage.parse(JSON.parse(body));
  } catch {
    return undefined;
  }
}

function isSignedBy(certificate: X509Certificate, message: SnsMessage): boolean {
  const verify = createVerify(message.SignatureVersion === '2' ? 'RSA-SHA256' : 'RSA-SHA1');
  for (const field of signedFields[message.Type]) {
    const value = message[field];
    if (value !== undefined) verify.update(`${field}\n${value}\n`);
  }
  return verify.verify(certificate.publicKey, message.Signature, 'base64');
}
