import { randomBytes, randomUUID } from 'node:crypto';
import type { CodeIssued } from '@latchkey/contracts';
import { Messaging } from '@latchkey/messaging';
import { connectRedis, createDataSource, createLogger, SealingKeys } from '@latchkey/platform';
import { testPostgres, testRedis, testVhost } from '@latchkey/testing';
import { generateSync } from 'otplib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Authenticators } from '../authenticators/authenticators.ts';
import { Authenticators1764000000000 } from '../migrations/1764000000000-authenticators.ts';
import { codeLimits } from './code-limits.ts';
import { IssueCode } from './issue-code.ts';
import { VerifyCode } from './verify-code.ts';

const logger = createLogger('test', 'fatal');
const keys = new SealingKeys(`k1:${randomBytes(32).toString('base64')}`);
const phone = '+14155550123';
const cleanUp: (() => Promise<unknown>)[] = [];
const published: CodeIssued[] = [];
let now: Date;
const clock = { now: () => now };
let issuing: IssueCode;
let verifying: VerifyCode;
let authenticators: Authenticators;
let redis: ReturnType<typeof connectRedis>;
let reconnectDatabase: () => Promise<Authenticators>;

beforeAll(async () => {
  const [database, cache, vhost] = await Promise.all([testPostgres({ schema: 'codes' }), testRedis(), testVhost()]);
  redis = connectRedis(cache.url, logger);
  const open = async () => {
    const source = createDataSource({ url: database.url, schema: 'codes', migrations: [Authenticators1764000000000], service: 'test' });
    await source.initialize();
    cleanUp.unshift(() => source.destroy());
    return source;
  };
  const source = await open();
  await source.runMigrations();
  const messaging = new Messaging({ url: vhost.url, name: 'test', logger });
  await messaging.connection.open();
  await messaging.connection.whenConnected(10_000);
  const publish = messaging.publisher.publish.bind(messaging.publisher);
  messaging.publisher.publish = async (name, payload, options) => {
    await publish(name, payload, options);
    published.push(payload as CodeIssued);
  };
  authenticators = new Authenticators(source, keys, clock);
  reconnectDatabase = async () => new Authenticators(await open(), keys, clock);
  const parts = { redis, keys, clock, limits: codeLimits.production };
  issuing = new IssueCode({ ...parts, publisher: messaging.publisher, countries: ['US', 'DE'] });
  verifying = new VerifyCode({ ...parts, authenticators });
  cleanUp.push(() => messaging.close(), async () => redis.disconnect(), () => database.drop(), () => cache.release(), () => vhost.delete());
});
afterAll(async () => {
  for (const step of cleanUp) await step();
});
beforeEach(() => {
  now = new Date();
  published.length = 0;
});

let lastPhone = 1_000_000;
async function issue(overrides: Partial<Parameters<IssueCode['issue']>[0]> = {}, destination?: string) {
  const request = {
    attemptId: randomUUID(),
    loginId: randomUUID(),
    providerId: randomUUID(),
    methodId: randomUUID(),
    channel: 'sms' as const,
    sealedDestination: await keys.seal('destination', destination ?? `+1415${(lastPhone += 1) + 2_000_000}`),
    maskedDestination: '•••• 0123',
    purpose: 'login' as const,
    locale: 'en',
    branding: { name: 'Demo', host: 'localhost' },
    ip: `10.${randomBytes(1)[0]}.${randomBytes(1)[0]}.1`,
    ...overrides,
  };
  const { sent } = await issuing.issue(request);
  const code = await keys.open('code', published.at(-1)?.sealedCode ?? '');
  return { request, sent, code };
}

const tryCode = async (request: { attemptId: string; loginId: string; methodId: string }, code: string, kind: 'sms' | 'totp' = 'sms') =>
  verifying.verify({ attemptId: request.attemptId, loginId: request.loginId, methodId: request.methodId, kind, sealedCode: await keys.seal('typed-code', code) });
const outcome = (trying: Promise<unknown>) => trying.then(() => 'right', (error: { code: string }) => error.code);
const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

describe('sent codes', () => {
  it('fifty right codes at once: exactly one is accepted', async () => {
    const { request, code } = await issue();
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => outcome(tryCode(request, code))));
    expect(outcomes.filter((word) => word === 'right')).toHaveLength(1);
    expect(outcomes.filter((word) => word === 'attempt_over')).toHaveLength(49);
  });

  it('fifty wrong codes at once count as fifty: five are judged, the right one is refused afterwards', async () => {
    const { request, code } = await issue();
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => outcome(tryCode(request, wrong(code)))));
    expect(outcomes.filter((word) => word === 'wrong_code')).toHaveLength(5);
    expect(await outcome(tryCode(request, code))).toBe('attempt_over');
  });

  it('is refused ten minutes after it was made, and not a moment before', async () => {
    const first = await issue();
    now = new Date(now.getTime() + 599_999);
    expect(await outcome(tryCode(first.request, first.code))).toBe('right');
    now = new Date();
    const second = await issue();
    now = new Date(now.getTime() + 600_000);
    expect(await outcome(tryCode(second.request, second.code))).toBe('code_expired');
  });

  it('of one attempt is refused in another', async () => {
    const loginId = randomUUID();
    const first = await issue({ loginId });
    const second = await issue({ loginId });
    expect(await outcome(tryCode(second.request, first.code === second.code ? wrong(first.code) : first.code))).toBe('wrong_code');
  });

  it('sent again is the same code with the same expiry, and its count goes on', async () => {
    const { request, code, sent } = await issue();
    await outcome(tryCode(request, wrong(code)));
    expect(await outcome(issuing.issue(request))).toBe('too_many_requests');
    now = new Date(now.getTime() + 30_000);
    const again = await issuing.issue(request);
    expect(again.sent).toMatchObject({ expiresAt: sent.expiresAt, sendsLeft: sent.sendsLeft - 1 });
    expect(await keys.open('code', published.at(-1)?.sealedCode ?? '')).toBe(code);
    await expect(tryCode(request, wrong(code))).rejects.toMatchObject({ details: { attemptsLeft: 3 } });
  });

  it('ten wrong ones over several attempts lock the login for a growing wait, never for ever', async () => {
    const loginId = randomUUID();
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const { request, code } = await issue({ loginId });
      for (let i = 0; i < 5; i += 1) await outcome(tryCode(request, wrong(code)));
    }
    const third = await issue({ loginId });
    await expect(tryCode(third.request, third.code)).rejects.toMatchObject({ code: 'locked', details: { retryAfterSeconds: 60 } });
    now = new Date(now.getTime() + 60_000);
    expect(await outcome(tryCode(third.request, wrong(third.code)))).toBe('wrong_code');
    await expect(tryCode(third.request, third.code)).rejects.toMatchObject({ code: 'locked', details: { retryAfterSeconds: 120 } });
    now = new Date(now.getTime() + 120_000);
    expect(await outcome(tryCode(third.request, third.code))).toBe('right');
  });

  it('too many to one number, from whichever login, are refused before they are queued', async () => {
    for (let i = 0; i < codeLimits.production.sendsPerDestination; i += 1) await issue({}, phone);
    const before = published.length;
    expect(await outcome(issue({}, phone))).toBe('too_many_requests');
    expect(published).toHaveLength(before);
  });

  it.each(['+15005', '+3545812345', '+4915', 'nonsense'])('%s gets no text', async (destination) => {
    expect(await outcome(issue({}, destination))).toBe('unsupported_destination');
  });

  it('rests nowhere in the clear: neither code nor number in the cache or the message', async () => {
    const { code, request } = await issue({}, '+14155550199');
    const attempt = await redis.hgetall(`code:{${request.loginId}}:${request.attemptId}`);
    expect(Object.keys(attempt).length).toBeGreaterThan(3);
    const everything = JSON.stringify([attempt, await redis.keys('*'), published.at(-1)]);
    expect(everything).not.toContain('4155550199');
    expect(Object.values(attempt)).not.toContain(code);
    expect(JSON.stringify(published.at(-1))).not.toMatch(new RegExp(`(?<![\\w-])${code}(?![\\w-])`));
  });
});

describe('authenticator codes', () => {
  const enrol = async () => {
    const ids = { methodId: randomUUID(), loginId: randomUUID(), attemptId: randomUUID() };
    const { sealedSecret, sealedOtpauthUri } = await authenticators.enrol({ ...ids, accountLabel: 'maria@example.com', issuer: 'Demo Security' });
    return { ids, secret: await keys.open('authenticator-secret', sealedSecret), uri: await keys.open('otpauth-uri', sealedOtpauthUri) };
  };
  const codeAt = (secret: string, offsetSeconds: number) => generateSync({ secret, epoch: Math.floor(now.getTime() / 1000) + offsetSeconds });

  it('have a secret of 160 bits and an address that apps read', async () => {
    const { secret, uri } = await enrol();
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    const parsed = new URL(uri);
    expect(parsed.searchParams.get('secret')).toBe(secret);
    expect(parsed.searchParams.get('issuer')).toBe('Demo Security');
    expect(decodeURIComponent(parsed.pathname)).toContain('maria@example.com');
  });

  it.each([
    [-60, 'wrong_code'],
    [-30, 'right'],
    [0, 'right'],
    [30, 'right'],
    [60, 'wrong_code'],
  ])('%d seconds away are %s', async (offset, expected) => {
    const { ids, secret } = await enrol();
    expect(await outcome(tryCode(ids, codeAt(secret, offset), 'totp'))).toBe(expected);
  });

  it('are accepted once across twenty attempts at once, and not after a restart; older ones neither', async () => {
    const { ids, secret } = await enrol();
    const code = codeAt(secret, 0);
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => outcome(authenticators.useCode(ids.methodId, code).then((used) => (used ? undefined : Promise.reject({ code: 'no' }))))));
    expect(outcomes.filter((word) => word === 'right')).toHaveLength(1);
    const restarted = await reconnectDatabase();
    expect(await restarted.useCode(ids.methodId, code)).toBe(false);
    expect(await restarted.useCode(ids.methodId, codeAt(secret, -30))).toBe(false);
    expect(await restarted.useCode(ids.methodId, codeAt(secret, 30))).toBe(true);
  });

  it('share the five tries of their attempt', async () => {
    const { ids, secret } = await enrol();
    for (let i = 0; i < 5; i += 1) expect(await outcome(tryCode(ids, wrong(codeAt(secret, 0)), 'totp'))).toBe('wrong_code');
    expect(await outcome(tryCode(ids, codeAt(secret, 0), 'totp'))).toBe('attempt_over');
  });
});
