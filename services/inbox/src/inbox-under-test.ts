import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SESClient } from '@aws-sdk/client-ses';
import { SNSClient } from '@aws-sdk/client-sns';
import { createTransport } from 'nodemailer';
import type { SendMailOptions } from 'nodemailer';
import type { InboxConfig } from './config.ts';
import type { Message } from './message-store.ts';
import { buildInbox } from './server.ts';

/** Credentials the inbox under test accepts. */
export const credentials = { accessKeyId: 'AKIDTEST', secretAccessKey: 'test-secret-access-key' };

/** A real inbox on free ports, with the real clients pointed at it. */
export async function startInbox({ sessionToken, ...overrides }: { sessionToken?: string } & Partial<InboxConfig> = {}) {
  const { app, internal, smtp } = buildInbox({
    host: '127.0.0.1',
    port: 0,
    internalPort: 0,
    verifiedSenders: ['no-reply@localhost', 'latchkey.example'],
    logLevel: 'silent',
    credentials: { ...credentials, sessionToken },
    ses: { topicArn: 'arn:aws:sns:us-east-1:000000000000:receipts', receiptUrl: undefined },
    smtp: undefined,
    twilioAccounts: [],
    webhookSecret: undefined,
    webhookReceiptUrl: undefined,
    receiptDelayMs: 20,
    ...overrides,
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  await internal.listen({ host: '127.0.0.1', port: 0 });
  if (smtp) await once(smtp.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const settings = { endpoint: url, region: 'eu-west-1', credentials, maxAttempts: 1 };
  return {
    url,
    internalUrl: `http://127.0.0.1:${(internal.server.address() as AddressInfo).port}`,
    smtpPort: smtp ? (smtp.server.address() as AddressInfo).port : 0,
    settings,
    sns: new SNSClient(settings),
    ses: new SESClient(settings),
    messages: async (search = ''): Promise<Message[]> => (await fetch(`${url}/messages${search}`)).json() as Promise<Message[]>,
    clear: () => fetch(`${url}/messages`, { method: 'DELETE' }),
    stop: async () => {
      await app.close();
      await internal.close();
      if (smtp) await new Promise<void>((resolve) => smtp.close(resolve));
    },
  };
}

export type InboxUnderTest = Awaited<ReturnType<typeof startInbox>>;

/** A whole mail as a mailer writes it. */
export async function writeMail(mail: SendMailOptions): Promise<Buffer> {
  const sent = await createTransport({ streamTransport: true, buffer: true, newline: 'windows' }).sendMail(mail);
  return sent.message as Buffer;
}
