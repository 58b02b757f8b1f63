import { afterAll, beforeAll, describe } from 'vitest';
import { itConforms } from './conformance.ts';
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

const from = 'Demo Security <no-reply@latchkey.example>';
const http = (port: number) => `http://127.0.0.1:${port}`;
const httpPort = ({ port }: InboxProcess) => port;
const aws = (wrong = false) => ({ region: 'us-east-1', credentials: wrong ? { ...credentials.aws, secretAccessKey: 'wrong' } : credentials.aws });

describe('every provider keeps the same promises', () => {
  itConforms(
    { kind: 'SNS', channel: 'sms', portOf: httpPort, make: ({ port: own }, { port = own, wrongCredentials, ...rest }) => new SnsProvider({ ...aws(wrongCredentials), endpoint: http(port), senderId: 'DEMO', ...rest }) },
    () => inbox,
  );
  itConforms(
    { kind: 'SES', channel: 'email', wholeMail: true, portOf: httpPort, make: ({ port: own }, { port = own, wrongCredentials, ...rest }) => new SesProvider({ ...aws(wrongCredentials), endpoint: http(port), from, ...rest }) },
    () => inbox,
  );
  itConforms(
    {
      kind: 'SMTP',
      channel: 'email',
      wholeMail: true,
      portOf: ({ smtpPort }) => smtpPort,
      make: ({ smtpPort, smtpCertificate }, { port = smtpPort, wrongCredentials, ...rest }) =>
        new SmtpProvider({ host: '127.0.0.1', port, ca: smtpCertificate, ...credentials.smtp, ...(wrongCredentials ? { password: 'wrong' } : {}), from, ...rest }),
      // A relay that has not greeted has no message; one that refuses says so with a code that leaves nothing open.
      surer: { errorInAnswer: 'permanent', gatewayTimeout: 'transient', silence: 'transient' },
    },
    () => inbox,
  );
  itConforms(
    {
      kind: 'Twilio',
      channel: 'sms',
      portOf: httpPort,
      make: ({ port: own }, { port = own, wrongCredentials, ...rest }) =>
        new TwilioProvider({ accountSid: credentials.twilio.accountSid, password: wrongCredentials ? 'wrong' : credentials.twilio.authToken, from: '+15005550006', endpoint: http(port), ...rest }),
      surer: { errorInAnswer: 'permanent' },
    },
    () => inbox,
  );
  for (const channel of ['sms', 'email'] as const) {
    itConforms(
      {
        kind: 'webhook',
        channel,
        portOf: httpPort,
        make: ({ port: own }, { port = own, wrongCredentials, ...rest }) =>
          new WebhookProvider({ url: `${http(port)}/webhook`, secret: wrongCredentials ? `whsec_${Buffer.alloc(32, 1).toString('base64')}` : credentials.webhookSecret, ...rest }),
        surer: { errorInAnswer: 'permanent' },
      },
      () => inbox,
    );
  }
});
