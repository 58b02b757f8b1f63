import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inboxSenders } from '../testing/inbox-senders.ts';
import type { OutgoingMessage, Provider } from './provider.ts';
import { SesProvider } from './ses.ts';
import { SmtpProvider } from './smtp.ts';
import { SnsProvider } from './sns.ts';
import { credentials, type InboxProcess, startInbox } from './testing/inbox-process.ts';
import { TwilioProvider } from './twilio.ts';
import { WebhookProvider } from './webhook.ts';

let inbox: InboxProcess;
beforeAll(async () => {
  inbox = await startInbox();
}, 30_000);
afterAll(() => inbox.stop());

const from = 'Latchkey <no-reply@latchkey.example>';
const aws = () => ({ region: 'us-east-1', credentials: credentials.aws, endpoint: inbox.url });
const providers = {
  SES: () => new SesProvider({ ...aws(), from }),
  SMTP: () => new SmtpProvider({ host: '127.0.0.1', port: inbox.smtpPort, ca: inbox.smtpCertificate, ...credentials.smtp, from }),
  SNS: () => new SnsProvider({ ...aws(), senderId: 'LATCHKEY' }),
  Twilio: (platform = '+15005550006') => new TwilioProvider({ accountSid: credentials.twilio.accountSid, password: credentials.twilio.authToken, from: platform, endpoint: inbox.url }),
};
let last = 0;
async function sentFrom(provider: Provider, sender: string | undefined, brand = 'Zoë’s "Demo", Größte'): Promise<(string | undefined)[]> {
  const [channel] = provider.channels as ['sms' | 'email'];
  const to = channel === 'sms' ? `+1415888${1_000 + (last += 1)}` : `own-${(last += 1)}@example.com`;
  const common = { to, text: 'x', messageId: `0199-${last}`, sender };
  const message: OutgoingMessage = channel === 'sms' ? { ...common, channel } : { ...common, channel, subject: 'x', html: '<p>x</p>', brand };
  expect(await provider.send(message)).toMatchObject({ outcome: 'accepted' });
  provider.close?.();
  return inboxSenders(inbox.url, to);
}

describe.each(['SES', 'SMTP'] as const)('an email through %s', (kind) => {
  it.each([
    ['the service provider’s own address', 'codes@lumen.example', 'codes@lumen.example'],
    ['the platform’s where there is no other', undefined, 'no-reply@latchkey.example'],
    ['the platform’s where the other is none', 'nobody', 'no-reply@latchkey.example'],
    ['the platform’s where the other may not be used', 'codes@not-verified.example', 'no-reply@latchkey.example'],
  ])('comes once, under the brand name, from %s', async (_, sender, address) => {
    expect(await sentFrom(providers[kind](), sender)).toEqual([expect.stringMatching(new RegExp(`Zoë’s .*Demo.*, Größte.*<${address.replaceAll('.', '\\.')}>$`))]);
  });
});

it.each([
  ['DemoSecure', 'DemoSecure'],
  ['+14155550100', 'LATCHKEY'],
  ['Much too long a name', 'LATCHKEY'],
  [undefined, 'LATCHKEY'],
])('a text through SNS with the sender %j comes from %s', async (sender, shown) => {
  expect(await sentFrom(providers.SNS(), sender)).toEqual([shown]);
});

const service = `MG${'a'.repeat(32)}`;
it.each([
  ['DemoSecure', '+15005550006', 'DemoSecure'],
  ['+14155550100', service, '+14155550100'],
  // Twilio refuses it: 21212.
  ['+123', '+15005550006', '+15005550006'],
  ['+123', service, service],
  ['no sender!', service, service],
])('a text through Twilio with the sender %j beside %s comes from %s', async (sender, platform, shown) => {
  expect(await sentFrom(providers.Twilio(platform), sender)).toEqual([shown]);
});

describe('a webhook', () => {
  let server: Server;
  const asked: { id: string; from?: string }[] = [];
  let strict = false;
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const message = JSON.parse(body) as { id: string; from?: string };
      asked.push(message);
      response.writeHead(strict && message.from ? 400 : 202).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => void server.close());

  it.each<[string, Partial<OutgoingMessage> & { sender?: string }, string | undefined]>([
    ['a text from its own sender', { channel: 'sms', sender: 'DemoSecure' }, 'DemoSecure'],
    ['a text without one', { channel: 'sms' }, undefined],
    ['a text whose sender is none', { channel: 'sms', sender: 'no sender!' }, undefined],
    ['an email from its own address', { channel: 'email', sender: 'codes@demo.example', brand: 'Demo' }, '"Demo" <codes@demo.example>'],
    ['an email without one', { channel: 'email', brand: 'Demo' }, undefined],
  ])('names the sender of %s; a receiver that does not know the field gets the message without', async (_, more, named) => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/send`;
    for (strict of [false, true]) {
      asked.length = 0;
      const provider = new WebhookProvider({ url, secret: credentials.webhookSecret });
      const message = { to: more.channel === 'sms' ? '+14155550123' : 'anna@example.com', text: 'x', subject: 'x', html: 'x', messageId: '0199-w', ...more } as OutgoingMessage;
      expect(await provider.send(message)).toMatchObject({ outcome: 'accepted' });
      expect(asked.map((one) => one.from)).toEqual(strict && named ? [named, undefined] : [named]);
      expect(new Set(asked.map(({ id }) => id))).toEqual(new Set(['0199-w']));
      provider.close();
    }
  });
});
