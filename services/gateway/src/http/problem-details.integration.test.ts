import { errorCodes, type ErrorCode, Refusal } from '@latchkey/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GatewayUnderTest, sessionReply } from '../testing/gateway-under-test.ts';

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
});
afterAll(() => gateway.stop());

const login = () => gateway.post('/v1/login', { loginName: 'owner', password: 'x' });

/** What auth answers to a login from here on. */
function answerWith(act: () => unknown): void {
  gateway.auth.answers['login.start'] = async () => act() as never;
}
const refuseWith = (code: string, details: object = {}) =>
  answerWith(() => {
    throw new Refusal(code as ErrorCode, details);
  });

it.each(Object.entries(errorCodes))('a service that refuses with %s is answered as the contract has it', async (code, { status, title }) => {
  refuseWith(code);
  const answer = await login();
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(answer).toMatchObject({ status, body: { type: 'about:blank', title, status, code } });
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.cookies).toEqual([]);
  const waits = status === 429 || status === 503;
  expect([answer.headers.has('retry-after'), 'retryAfterSeconds' in answer.body]).toEqual([waits, waits]);
});

describe.each(['too_many_requests', 'locked', 'unavailable'])('%s', (code) => {
  it.each([
    [30, 30],
    [0.2, 1],
    [0, 1],
    [-5, 1],
    [59.1, 60],
    [86_400, 86_400],
  ])('after %d s says %d s in the header and in the body alike', async (retryAfterSeconds, told) => {
    refuseWith(code, { retryAfterSeconds });
    const answer = await login();
    expect([answer.headers.get('retry-after'), answer.body.retryAfterSeconds]).toEqual([String(told), told]);
  });
});

it('the details of the contract leave, and nothing else that a service says', async () => {
  refuseWith('wrong_code', { attemptsLeft: 3, loginId: 'internal', sql: 'SELECT secret FROM logins', stack: 'at file.ts:1' });
  expect((await login()).body).toEqual({ type: 'about:blank', title: errorCodes.wrong_code.title, status: 401, code: 'wrong_code', attemptsLeft: 3 });

  const provider = { name: 'Demo Security', phone: '+1 415 555 0100', email: null };
  refuseWith('ask_service_provider', { provider });
  expect((await login()).body).toMatchObject({ status: 409, provider });
});

it('a service cannot change what its refusal means', async () => {
  refuseWith('wrong_code', { status: 200, code: 'invalid_credentials', title: 'Welcome', type: 'https://evil.example' });
  expect(await login()).toMatchObject({ status: 401, body: { type: 'about:blank', title: errorCodes.wrong_code.title, status: 401, code: 'wrong_code' } });
});

it('which part is away stays inside', async () => {
  refuseWith('unavailable', { detail: 'redis at 10.0.0.7 is away' });
  expect((await login()).body).toEqual({ type: 'about:blank', title: errorCodes.unavailable.title, status: 503, code: 'unavailable', retryAfterSeconds: 2 });
});

const internalError = { type: 'about:blank', title: errorCodes.internal_error.title, status: 500, code: 'internal_error' };

it.each([
  ['throws with a statement in its message', () => Promise.reject(new Error('relation "logins" does not exist: SELECT password_hash FROM logins'))],
  ['refuses with a code that nobody knows', () => Promise.reject(new Refusal('session_store_broken' as ErrorCode, { detail: 'SELECT 1' }))],
  ['refuses with details of the wrong type', () => Promise.reject(new Refusal('wrong_code', { attemptsLeft: 'SELECT 1' as never }))],
  ['answers with a shape of its own', () => ({ status: 'signed_in', passwordHash: '$argon2id$v=19$secret' })],
  ['answers with nothing', () => null],
])('a service that %s is an internal error, and nothing of it leaves', async (_what, act) => {
  answerWith(act);
  const answer = await login();
  expect(answer).toMatchObject({ status: 500, cookies: [] });
  expect(answer.body).toEqual(internalError);
});

it('fields that a service adds to its answer stay inside', async () => {
  gateway.auth.answers['session.get'] = async () => ({ ...sessionReply(), passwordHash: '$argon2id$', login: { ...sessionReply().login, accountSecret: 'x' } }) as never;
  const answer = await gateway.get('/v1/session', { authorization: `Bearer ${'s'.repeat(43)}` });
  expect(answer.status).toBe(200);
  expect(answer.text).not.toMatch(/argon2id|accountSecret/);
});
