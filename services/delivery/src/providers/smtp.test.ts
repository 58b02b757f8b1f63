import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SmtpProvider } from './smtp.ts';
import { credentials, type InboxProcess, startInbox } from './testing/inbox-process.ts';

const mail = (to = 'jane@example.com') => ({ channel: 'email' as const, to, subject: 'Code', text: '012345', html: '<b>012345</b>', messageId: '0199-a' });
const from = 'Demo <no-reply@latchkey.example>';
const providers: SmtpProvider[] = [];
const open: Server[] = [];
afterEach(() => {
  for (const provider of providers.splice(0)) provider.close();
  for (const server of open.splice(0)) server.close();
});

function made(options: Partial<ConstructorParameters<typeof SmtpProvider>[0]>): SmtpProvider {
  const provider = new SmtpProvider({ host: '127.0.0.1', from, ...options });
  providers.push(provider);
  return provider;
}

describe('with a relay that offers STARTTLS', () => {
  let inbox: InboxProcess;
  beforeAll(async () => {
    inbox = await startInbox();
  }, 30_000);
  afterAll(() => inbox.stop());

  it('one whose certificate nobody vouches for gets neither password nor message', async () => {
    const answer = await made({ port: inbox.smtpPort, ...credentials.smtp }).send(mail('stranger@example.com'));
    expect(answer).toMatchObject({ outcome: 'transient' });
    expect(await inbox.received('stranger@example.com')).toEqual([]);
  });

  it('without TLS only when told so', async () => {
    expect(await made({ port: inbox.smtpPort, security: 'none', ...credentials.smtp }).send(mail('plain@example.com'))).toMatchObject({ outcome: 'accepted' });
    expect(await inbox.received('plain@example.com')).toHaveLength(1);
  });

  it('a sender that the relay does not know is no fault of the recipient', async () => {
    const answer = await made({ port: inbox.smtpPort, ca: inbox.smtpCertificate, from: 'x@stranger.example', ...credentials.smtp }).send(mail('other@example.com'));
    expect(answer).toEqual({ outcome: 'transient', reason: 'MAIL FROM 553 5.7.1' });
  });

});

/** A relay that answers each command by a script; counts the messages it was given to their last dot. */
async function relay(script: Record<string, string | ((socket: Socket) => void)>) {
  const commands: string[] = [];
  let whole = 0;
  const server = createServer((socket) => {
    let inData = false;
    let buffered = '';
    socket.on('error', () => undefined);
    const react = (command: string, usual: string) => {
      const scripted = script[command] ?? usual;
      if (typeof scripted === 'string') socket.write(`${scripted}\r\n`);
      else scripted(socket);
      return scripted;
    };
    react('greeting', '220 relay');
    socket.on('data', (chunk) => {
      buffered += chunk.toString();
      for (let end = buffered.indexOf('\r\n'); end >= 0; end = buffered.indexOf('\r\n')) {
        const line = buffered.slice(0, end);
        buffered = buffered.slice(end + 2);
        if (inData && line !== '.') continue;
        const command = inData ? '.' : (line.split(/[ :]/)[0]?.toUpperCase() ?? '');
        commands.push(command);
        if (command === '.') whole += 1;
        const answer = react(command, command === 'DATA' ? '354 go on' : '250 ok');
        inData = command === 'DATA' && typeof answer === 'string' && answer.startsWith('354');
      }
      if (inData && script['body']) react('body', '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(server);
  return { port: (server.address() as AddressInfo).port, commands, wholeMessages: () => whole };
}

const destroy = (socket: Socket) => void socket.destroy();
const throughPlain = (port: number, more: Partial<ConstructorParameters<typeof SmtpProvider>[0]> = {}) => made({ port, security: 'none', timeoutMs: 1_000, ...more });

it('a relay that hides STARTTLS gets nothing in the clear', async () => {
  const { port, commands } = await relay({});
  expect(await made({ port, user: 'u', password: 'p', timeoutMs: 1_000 }).send(mail())).toMatchObject({ outcome: 'transient' });
  expect(commands).not.toContain('AUTH');
  expect(commands).not.toContain('MAIL');
});

it.each<[string, Parameters<typeof relay>[0], string, unknown]>([
  ['the relay is closed', { greeting: '554 no service here' }, 'transient', 'CONN 554'],
  ['the relay is busy', { greeting: '421 4.3.2 later' }, 'transient', 'CONN 421 4.3.2'],
  ['no sender is taken now', { MAIL: '451 4.3.0 later' }, 'transient', 'MAIL FROM 451 4.3.0'],
  ['the sender may not', { MAIL: '550 5.7.1 who are you' }, 'transient', 'MAIL FROM 550 5.7.1'],
  ['a grey list', { RCPT: '450 4.2.0 <jane@example.com> grey' }, 'transient', 'RCPT TO 450 4.2.0'],
  ['no such mailbox', { RCPT: '550 5.1.1 <jane@example.com> unknown' }, 'permanent', 'RCPT TO 550 5.1.1'],
  ['no such mailbox, in few words', { RCPT: '550 jane@example.com' }, 'permanent', 'RCPT TO 550'],
  ['credentials are wanted', { RCPT: '530 5.7.0 log in first' }, 'transient', 'RCPT TO 530 5.7.0'],
  ['refused before the message', { DATA: '554 5.5.1 no' }, 'permanent', 'DATA 554 5.5.1'],
  ['refused after the message', { '.': '554 5.7.1 spam to jane@example.com' }, 'permanent', 'DATA 554 5.7.1'],
  ['no room after the message', { '.': '452 4.3.1 full' }, 'transient', 'DATA 452 4.3.1'],
  ['hung up before the recipient', { RCPT: destroy }, 'transient', 'ECONNECTION'],
  ['hung up in place of 354', { DATA: destroy }, 'transient', 'ECONNECTION'],
  ['hung up in the middle of the message', { body: destroy }, 'unknown', expect.stringMatching(/^E(CONNECTION|SOCKET)$/)],
  ['hung up after the message', { '.': destroy }, 'unknown', 'ECONNECTION'],
  ['silent after the message', { '.': () => undefined }, 'unknown', 'EABORT'],
  ['silent before the message', { RCPT: () => undefined }, 'transient', 'EABORT'],
  ['an answer that is none', { '.': 'what?' }, 'unknown', 'EMESSAGE'],
])('%s', async (_what, script, outcome, reason) => {
  const { port, wholeMessages } = await relay(script);
  expect(await throughPlain(port).send(mail())).toEqual({ outcome, reason });
  // Whatever came of it, it was tried once: trying again is the queue's to decide.
  expect(wholeMessages()).toBeLessThanOrEqual(1);
});

it.each([
  ['250 2.0.0 Ok: queued as 4XyZ1k2mQz', '4XyZ1k2mQz'],
  ['250 OK id=1rXyZa-0000Ab-Cd', '1rXyZa-0000Ab-Cd'],
  ['250 Ok 0100018b5c3c0a4f-6f1d2a3b-0000-4444-8888-1234567890ab-000000', '0100018b5c3c0a4f-6f1d2a3b-0000-4444-8888-1234567890ab-000000'],
  ['250 ok', '0199-a'],
])('%j: the message is known as %s', async (reply, providerMessageId) => {
  const { port } = await relay({ '.': reply });
  expect(await throughPlain(port).send(mail())).toEqual({ outcome: 'accepted', providerMessageId });
});

it('a relay whose answers are one behind is not believed', async () => {
  // The second answer to the first message comes late, so that it answers the first command of the second.
  let messages = 0;
  const { port } = await relay({
    '.': (socket) => {
      messages += 1;
      socket.write('250 ok\r\n');
      if (messages === 1) setTimeout(() => socket.write('250 ok\r\n'), 30);
    },
  });
  const provider = throughPlain(port, { maxConnections: 1 });
  expect(await provider.send(mail())).toMatchObject({ outcome: 'accepted' });
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(await provider.send(mail())).toMatchObject({ outcome: 'accepted' });
  expect(messages).toBe(2);
});
