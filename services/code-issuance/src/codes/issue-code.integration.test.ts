import { randomUUIDv7 } from 'node:crypto';
import { Messaging, runInMessageContext } from '@latchkey/messaging';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { atOnce, CodeIssuanceUnderTest, type Issue, outcome, tally, wrong } from '../testing/code-issuance-under-test.ts';
import { codeLimits } from './code-limits.ts';
import { IssueCode } from './issue-code.ts';
import { SendLimits } from './send-limits.ts';

const limits = codeLimits.production;
let codes: CodeIssuanceUnderTest;
beforeAll(async () => {
  codes = await CodeIssuanceUnderTest.start();
});
afterAll(() => codes.stop());

const issueAgain = (request: Issue) => codes.ask('code.issue', request);
const refusalOf = (asked: Promise<unknown>) => asked.then(() => ({ code: 'right', details: {} }), (error: { code: string; details: object }) => error);

/** The same code in this process, with what a test wants to be different. */
function issuing(overrides: Partial<ConstructorParameters<typeof IssueCode>[0]> = {}): IssueCode {
  const { redis, keys, clock, alarm } = codes;
  const sendLimits = new SendLimits({ redis, keys, clock, alarm, limits });
  return new IssueCode({ redis, keys, clock, limits, sendLimits, publisher: codes.asking.publisher, countries: ['US', 'DE'], codeWhenSentAgain: 'same', ...overrides });
}

describe('sending again', () => {
  it('waits, then sends the same code with the same expiry, and the count of tries goes on', async () => {
    const { request, code, sent } = await codes.issue();
    expect(Date.parse(sent.resendAt) - Date.parse(sent.expiresAt)).toBe(limits.resendWaitMs - limits.validMs);
    await outcome(codes.tryCode(request, wrong(code)));
    expect(await refusalOf(issueAgain(request))).toMatchObject({ code: 'too_many_requests', details: { retryAfterSeconds: 30 } });
    codes.moveClock(limits.resendWaitMs);
    const again = await issueAgain(request);
    expect(again.sent).toMatchObject({ expiresAt: sent.expiresAt, sendsLeft: sent.sendsLeft - 1 });
    expect(await codes.sentCode(request)).toBe(code);
    expect((await codes.publishedFor(request)).map(({ payload }) => payload.sendNumber)).toEqual([1, 2]);
    expect(await refusalOf(codes.tryCode(request, wrong(code)))).toMatchObject({ code: 'wrong_code', details: { attemptsLeft: 3 } });
  });

  it('fifty times at once sends once', async () => {
    const request = await codes.issueRequest();
    expect(tally(await atOnce(50, () => issueAgain(request)))).toEqual({ right: 1, too_many_requests: 49 });
    expect(await codes.publishedFor(request)).toHaveLength(1);
  });

  it('ends after the sends of the attempt, whose code stays good', async () => {
    const { request, code } = await codes.issue();
    for (let sends = 1; sends < limits.sendsPerAttempt; sends += 1) {
      codes.moveClock(limits.resendWaitMs);
      expect(await outcome(issueAgain(request))).toBe('right');
    }
    codes.moveClock(limits.resendWaitMs);
    expect(await outcome(issueAgain(request))).toBe('too_many_requests');
    expect(await outcome(codes.tryCode(request, code))).toBe('right');
  });

  it('for an attempt that is used, tried out or expired is refused', async () => {
    const [used, triedOut, expired] = [await codes.issue(), await codes.issue(), await codes.issue()];
    await codes.tryCode(used.request, used.code);
    for (let i = 1; i <= 5; i += 1) await outcome(codes.tryCode(triedOut.request, wrong(triedOut.code, i)));
    codes.moveClock(limits.validMs);
    for (const { request } of [used, triedOut, expired]) expect(await outcome(issueAgain(request))).toBe('attempt_over');
  });

  it('by another method sends at once a code of its own, within the same expiry and count', async () => {
    const bySms = await codes.issue();
    const byEmail = { ...bySms.request, methodId: randomUUIDv7(), channel: 'email' as const, sealedDestination: await codes.keys.seal('destination', 'maria@example.com') };
    const { sent } = await issueAgain(byEmail);
    expect(sent).toMatchObject({ expiresAt: bySms.sent.expiresAt, sendsLeft: bySms.sent.sendsLeft - 1 });
    const emailed = (await codes.publishedFor(byEmail)).find(({ name }) => name === 'code.issued.email');
    const emailedCode = await codes.keys.open('code', emailed?.payload.sealedCode ?? '');
    expect(emailedCode).not.toBe(bySms.code);
    expect(await outcome(codes.tryCode(byEmail, emailedCode, 'email'))).toBe('right');
  });

  it('makes a new code where the setting says so, with the same expiry and count', async () => {
    const alwaysNew = issuing({ codeWhenSentAgain: 'new' });
    const request = await codes.issueRequest();
    const first = await alwaysNew.issue(request);
    const firstCode = await codes.sentCode(request);
    expect(await refusalOf(codes.tryCode(request, wrong(firstCode)))).toMatchObject({ details: { attemptsLeft: 4 } });
    codes.moveClock(limits.resendWaitMs);
    const second = await alwaysNew.issue(request);
    const secondCode = await codes.sentCode(request);
    expect(second.sent.expiresAt).toBe(first.sent.expiresAt);
    if (secondCode !== firstCode) expect(await refusalOf(codes.tryCode(request, firstCode))).toMatchObject({ code: 'wrong_code', details: { attemptsLeft: 3 } });
    expect(await outcome(codes.tryCode(request, secondCode))).toBe('right');
  });
});

describe('limits over all attempts', () => {
  const sameId = randomUUIDv7();
  let subnet = 0;
  const numbers = (prefix: string) => Array.from({ length: 1_000 }, (_, index) => `${prefix}${String(index).padStart(4, '0')}`).values();

  it('too many to one number, from whichever login and address, are refused before they are queued', async () => {
    for (let i = 0; i < limits.sendsPerDestination; i += 1) await codes.issue({}, '+14155550123');
    const request = await codes.issueRequest({}, '+14155550123');
    expect(await refusalOf(issueAgain(request))).toMatchObject({ code: 'too_many_requests', details: { retryAfterSeconds: expect.any(Number) } });
    expect(await codes.publishedFor(request)).toHaveLength(0);
    // Nor was it counted: not as a send of its attempt, nor against any other limit.
    expect(await codes.redis.hget(`code:{${request.loginId}}:${request.attemptId}`, 'sends')).toBe('0');
    expect(await codes.redis.exists(`{code-sends}:login:${request.loginId}`)).toBe(0);
    codes.moveClock(3_600_000);
    expect(await outcome(codes.issue({}, '+14155550123'))).toBe('right');
  });

  it.each<[string, Partial<typeof limits>, () => Partial<Issue>]>([
    ['login', { sendsPerLogin: 2 }, () => ({ loginId: sameId })],
    ['block of addresses', { sendsPerIpBlock: 2 }, () => ({ ip: `2001:db8:77:${(subnet += 1)}::1` })],
    ['provider and day', { textsPerProviderAndDay: 2 }, () => ({ providerId: sameId })],
  ])('hold for one %s, over different numbers', async (_what, tighter, sameness) => {
    const { redis, keys, clock, alarm } = codes;
    const tight = issuing({ sendLimits: new SendLimits({ redis, keys, clock, alarm, limits: { ...limits, ...tighter } }) });
    const send = async () => outcome(tight.issue(await codes.issueRequest(sameness())));
    expect([await send(), await send(), await send()]).toEqual(['right', 'right', 'too_many_requests']);
    expect(tally(await Promise.all([outcome(tight.issue(await codes.issueRequest())), send()]))).toEqual({ right: 1, too_many_requests: 1 });
  });

  it.each<[string, Partial<typeof limits>]>([
    ['numbers that begin alike', { textsPerPrefix: 3 }],
    ['a country and day', { textsPerCountryAndDay: 3 }],
  ])('hold for %s: of twenty texts at once three go out', async (_what, tighter) => {
    const { redis, keys, clock, alarm } = codes;
    codes.moveClock(24 * 3_600_000);
    const tight = issuing({ sendLimits: new SendLimits({ redis, keys, clock, alarm, limits: { ...limits, ...tighter } }) });
    const to = numbers('+1415555');
    const requests = await Promise.all(Array.from({ length: 20 }, () => codes.issueRequest({}, to.next().value)));
    expect(tally(await atOnce(20, (index) => tight.issue(requests[index]!)))).toEqual({ right: 3, too_many_requests: 17 });
  });

  it('are wide in development: a thousand texts to one number pass', async () => {
    const { redis, keys, clock, alarm } = codes;
    const wide = new SendLimits({ redis, keys, clock, alarm, limits: codeLimits.development });
    const send = { loginId: randomUUIDv7(), providerId: randomUUIDv7(), destination: '+14155550177', ip: '10.9.9.9', number: { country: 'US', prefix: '+1999' } };
    expect(tally(await atOnce(1_000, () => wide.count(send)))).toEqual({ right: 1_000 });
  });
});

describe('a message that could not be queued', () => {
  it('is refused as unavailable, gives its send back, and has the same message id the next time', async () => {
    const request = await codes.issueRequest();
    // Nobody takes it: neither who sends it nor who lists it.
    for (const queue of ['delivery.sms', 'auth.activity']) expect((await codes.vhost.manage('DELETE', `queues/${queue}`)).status).toBe(204);
    expect(await outcome(issueAgain(request))).toBe('unavailable');
    const field = `message:${request.methodId}:1`;
    const messageId = await codes.redis.hget(`code:{${request.loginId}}:${request.attemptId}`, field);
    await codes.asking.connection.assertTopology();
    const { sent } = await issueAgain(request);
    expect(sent.sendsLeft).toBe(limits.sendsPerAttempt - 1);
    const published = await codes.publishedFor(request);
    expect(published.map(({ id, payload }) => [id, payload.sendNumber])).toEqual([[messageId, 1]]);
    expect(await codes.redis.hget(`{code-sends}:login:${request.loginId}`, 'sends')).toBe('1');
  });

  it('does not give back the send that another request made meanwhile', async () => {
    const request = await codes.issueRequest();
    // Never connected: its broker is away.
    const { publisher } = new Messaging({ url: codes.vhost.url, name: 'away', logger: codes.logger });
    const slow = outcome(issuing({ publisher }).issue(request));
    await expect.poll(() => codes.redis.hget(`{code-sends}:login:${request.loginId}`, 'sends')).toBe('1');
    codes.moveClock(limits.resendWaitMs);
    await issueAgain(request);
    expect(await slow).toBe('unavailable');
    expect(await outcome(issueAgain(request))).toBe('too_many_requests');
    expect(await codes.redis.hget(`code:{${request.loginId}}:${request.attemptId}`, 'sends')).toBe('2');
    expect(await codes.publishedFor(request)).toHaveLength(1);
  });
});

it('a request delivered twice is answered alike, counted once, and its message told from a second one by its id', async () => {
  const request = await codes.issueRequest();
  const context = { name: 'code.issue', messageId: randomUUIDv7(), correlationId: request.attemptId, causationId: null, deadline: null, previousTries: 0, redelivered: true, occurredAt: new Date().toISOString() };
  const first = await runInMessageContext(context, () => issuing().issue(request));
  expect(await runInMessageContext(context, () => issuing().issue(request))).toEqual(first);
  expect(new Set((await codes.publishedFor(request)).map(({ id }) => id)).size).toBe(1);
  expect(await codes.redis.hget(`code:{${request.loginId}}:${request.attemptId}`, 'sends')).toBe('1');
});

it.each(['+15005', '+3545812345', '+14165550123', 'nonsense'])('%s gets no text', async (destination) => {
  expect(await outcome(codes.issueRequest({}, destination).then(issueAgain))).toBe('unsupported_destination');
});

it('takes two commands of the cache', async () => {
  await codes.issue();
  const sent: string[] = [];
  const redis = new Proxy(codes.redis, {
    get(target, name) {
      const member = Reflect.get(target, name) as unknown;
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => {
        sent.push(String(name));
        return (member as (...all: unknown[]) => unknown).apply(target, args);
      };
    },
  });
  const { keys, clock, alarm } = codes;
  await issuing({ redis, sendLimits: new SendLimits({ redis, keys, clock, alarm, limits }) }).issue(await codes.issueRequest());
  expect(sent).toEqual(['evalsha', 'evalsha']);
});

it('neither code nor destination rests in the clear, in the cache or in a message', async () => {
  const secrets: string[] = [];
  for (let i = 0; i < 20; i += 1) {
    const destination = i % 2 ? `+1415555${1_000 + i}` : `maria.${i}@example.com`;
    const { request, code } = await codes.issue({ channel: i % 2 ? 'sms' : 'email' }, destination);
    await outcome(codes.tryCode(request, wrong(code)));
    secrets.push(code, destination.replace('+', ''));
  }
  const keys = await codes.redis.keys('*');
  expect(keys.length).toBeGreaterThan(40);
  const resting = await Promise.all(keys.map(async (key) => [key, await codes.redis.hgetall(key)]));
  const messages = await codes.everyMessage();
  expect(messages.length).toBeGreaterThan(20);
  const everything = JSON.stringify([resting, messages]);
  // Not within something longer: six digits in a row are found in any time or id.
  for (const secret of secrets) expect(everything).not.toMatch(new RegExp(`(?<![\\w-])${secret.replaceAll('.', '\\.')}(?![\\w-])`));
});
