import { randomUUID } from 'node:crypto';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { Channel } from '@latchkey/contracts';
import { describe, expect, it } from 'vitest';
import type { OutgoingMessage, Provider, ProviderAnswer } from './provider.ts';
import { freePort } from '@latchkey/testing';
import { type InboxProcess } from './testing/inbox-process.ts';

type Outcome = ProviderAnswer['outcome'];

/** One kind of provider, to be held against what all of them promise. */
export interface Candidate {
  kind: string;
  channel: Channel;
  /** Pointed at the inbox, or at another port of this machine, with the right credentials unless told otherwise. */
  make(inbox: InboxProcess, changes: { port?: number; wrongCredentials?: boolean; timeoutMs?: number }): Provider;
  /** The inbox's port for its protocol. */
  portOf(inbox: InboxProcess): number;
  /** It hands on a mail that we composed ourselves. */
  wholeMail?: true;
  /** Where its protocol makes an outcome surer than others can be. */
  surer?: { errorInAnswer?: Outcome; gatewayTimeout?: Outcome; silence?: Outcome };
}

// What becomes of a message to each recipient of the inbox that goes wrong on purpose, and how many of it arrive.
const misbehaviours: [ending: string, what: string, outcome: (surer: NonNullable<Candidate['surer']>) => Outcome, arrive: number][] = [
  ['9990001', 'throttled', () => 'transient', 0],
  ['9990002', 'refused for ever', () => 'permanent', 0],
  ['9990003', 'an internal error', () => 'transient', 0],
  ['9990004', 'a slow answer', () => 'accepted', 1],
  ['9990005', 'a lost answer', () => 'unknown', 1],
  ['9990006', 'taken and never delivered', () => 'accepted', 0],
  ['9990009', 'an error in an answer that looks like success', ({ errorInAnswer = 'unknown' }) => errorInAnswer, 0],
  ['9990010', 'taken for later', () => 'accepted', 1],
  ['9990011', 'an answer cut off in its middle', () => 'unknown', 1],
  ['9990012', 'an answer that comes twice', () => 'accepted', 1],
  ['9990013', 'a gateway that gave up on the vendor', ({ gatewayTimeout = 'unknown' }) => gatewayTimeout, 1],
];

/** The one suite that every provider passes, over its real wire protocol. */
export function itConforms(candidate: Candidate, inbox: () => InboxProcess): void {
  const { channel, surer = {} } = candidate;
  const make = (changes: Parameters<Candidate['make']>[1] = {}) => candidate.make(inbox(), changes);
  const received = (message: OutgoingMessage) => inbox().received(message.to);

  describe.concurrent(`${candidate.kind}, ${channel === 'sms' ? 'texts' : 'emails'}`, { timeout: 20_000 }, () => {
    it('a message arrives as it was written, and its answer names it', async () => {
      const provider = make();
      const [one, other] = [messageTo(channel), messageTo(channel)];
      const answers = [await provider.send(one), await provider.send(other)];
      expect(answers).toEqual([accepted, accepted]);
      expect(new Set(answers.map((answer) => answer.outcome === 'accepted' && answer.providerMessageId)).size).toBe(2);
      const arrived = await received(one);
      expect(arrived).toHaveLength(1);
      expect(arrived[0]?.text.trim()).toBe(one.text);
      if (one.channel === 'email') expect(arrived[0]).toMatchObject({ subject: one.subject, html: expect.stringContaining('<b>012345</b>') });
      // RFC 3834: nobody's out-of-office answers it.
      if (candidate.wholeMail) expect(arrived[0]?.headers).toMatchObject({ 'auto-submitted': 'auto-generated', 'message-id': `<${one.messageId}@latchkey.example>` });
      provider.close?.();
    });

    it.each(misbehaviours)('%s, %s', async (ending, _what, outcome, arrive) => {
      const provider = make();
      const message = messageTo(channel, ending);
      const answer = await provider.send(message);
      expect(answer.outcome).toBe(outcome(surer));
      expect(await received(message)).toHaveLength(arrive);
      expectNothingTold(answer, message);
      provider.close?.();
    });

    it('an answer that comes twice is not taken for the answer to the next message', async () => {
      const provider = make();
      expect(await provider.send(messageTo(channel, '9990012'))).toMatchObject(accepted);
      expect(await provider.send(messageTo(channel, '9990002'))).toMatchObject({ outcome: 'permanent' });
      expect(await provider.send(messageTo(channel))).toMatchObject(accepted);
      provider.close?.();
    });

    it('an answer that takes too long is lost: nobody knows', async () => {
      const provider = make({ timeoutMs: 1_500 });
      const message = messageTo(channel, '9990004');
      expect(await provider.send(message)).toMatchObject({ outcome: 'unknown' });
      expect(await received(message)).toHaveLength(1);
      provider.close?.();
    });

    it('a recipient that can be none is refused for good', async () => {
      const provider = make();
      const message = { ...messageTo(channel), to: channel === 'sms' ? '+0123' : 'no address' };
      const answer = await provider.send(message);
      expect(answer).toMatchObject({ outcome: 'permanent' });
      expectNothingTold(answer, message);
      provider.close?.();
    });

    it('wrong credentials are no fault of the message: surely not sent, later may work', async () => {
      const provider = make({ wrongCredentials: true });
      const message = messageTo(channel);
      const answer = await provider.send(message);
      expect(answer).toMatchObject({ outcome: 'transient' });
      expect(await received(message)).toEqual([]);
      expectNothingTold(answer, message);
      provider.close?.();
    });

    it('nobody listens: surely not sent', async () => {
      const provider = make({ port: await freePort() });
      expect(await provider.send(messageTo(channel))).toMatchObject({ outcome: 'transient' });
      provider.close?.();
    });

    it('somebody listens and says nothing, ever', async () => {
      await using silent = await listen((socket) => socket.resume());
      const provider = make({ port: silent.port, timeoutMs: 400 });
      expect(await provider.send(messageTo(channel))).toMatchObject({ outcome: surer.silence ?? 'unknown' });
      provider.close?.();
    });

    it('a connection that the vendor closed meanwhile is noticed, and the next message goes over another', async () => {
      const open = new Set<Socket>();
      await using proxy = await listen((socket) => {
        const onward = connect(candidate.portOf(inbox()), '127.0.0.1').on('error', () => socket.destroy());
        open.add(socket.on('close', () => onward.destroy()));
        socket.pipe(onward).pipe(socket);
      });
      const provider = make({ port: proxy.port });
      expect(await provider.send(messageTo(channel))).toMatchObject(accepted);
      for (const socket of open) socket.destroy();
      const message = messageTo(channel);
      // At once the connection may still look good to us: whatever is said of this message has to be true.
      const answer = await provider.send(message);
      const arrived = (await received(message)).length;
      if (answer.outcome === 'unknown') expect(arrived).toBeLessThanOrEqual(1);
      else expect([answer.outcome, arrived]).toEqual(answer.outcome === 'accepted' ? ['accepted', 1] : ['transient', 0]);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(await provider.send(messageTo(channel))).toMatchObject(accepted);
      provider.close?.();
    });

    it('forty at once arrive once each, each with an answer of its own', async () => {
      const provider = make();
      const messages = Array.from({ length: 40 }, () => messageTo(channel));
      const answers = await Promise.all(messages.map((message) => provider.send(message)));
      expect(new Set(answers.map((answer) => answer.outcome === 'accepted' && answer.providerMessageId)).size).toBe(40);
      for (const message of messages) expect(await received(message)).toHaveLength(1);
      provider.close?.();
    });

    it('has a name of its own, and sends no message of a channel it does not have', async () => {
      const provider = make();
      expect(provider.name).toMatch(/^[a-z]+$/);
      expect(provider.channels).toContain(channel);
      for (const other of (['sms', 'email'] as const).filter((one) => !provider.channels.includes(one))) {
        await expect(provider.send(messageTo(other))).rejects.toThrow();
      }
      provider.close?.();
    });
  });
}

const accepted = { outcome: 'accepted', providerMessageId: expect.stringMatching(/./) };

let lastRecipient = 0;

/** To a recipient that no other message goes to. */
function messageTo(channel: Channel, ending?: string): OutgoingMessage {
  lastRecipient += 1;
  const messageId = randomUUID();
  const expiresAt = new Date(Date.now() + 600_000);
  const text = 'Ihr Code für Demo: 012345 (é€)\n\n@localhost #012345';
  if (channel === 'sms') return { channel, to: `+${10_000 + lastRecipient}${ending ?? '5550100'}`, text, messageId, expiresAt };
  return { channel, to: `r${lastRecipient}.${ending ?? 'jane'}@example.com`, subject: '012345 ist Ihr Code für Zoë', text, html: '<p>Ihr Code: <b>012345</b></p>', messageId, expiresAt };
}

/** What is written to ledger and logs holds neither recipient nor code. */
function expectNothingTold(answer: ProviderAnswer, message: OutgoingMessage): void {
  const told = JSON.stringify(answer);
  for (const secret of [message.to, message.to.split('@')[0] ?? '', message.to.replace('+', ''), '012345']) expect(told).not.toContain(secret);
}

async function listen(onConnection: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
