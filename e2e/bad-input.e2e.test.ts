import { expect, it } from 'vitest';
import { newClient, signIn, system } from './demo.ts';

const raw = (path: string, init: RequestInit) => fetch(`${system().baseUrl}${path}`, { ...init, signal: AbortSignal.timeout(10_000) });
const json = { 'content-type': 'application/json' };

it.each([
  ['bad JSON', { method: 'POST', headers: json, body: '{"loginName":' }, 400, 'invalid_request'],
  ['wrong types', { method: 'POST', headers: json, body: '{"loginName":7,"password":[]}' }, 400, 'invalid_request'],
  ['extra fields', { method: 'POST', headers: json, body: '{"loginName":"a","password":"b","admin":true}' }, 400, 'invalid_request'],
  ['a null byte', { method: 'POST', headers: json, body: JSON.stringify({ loginName: 'own\u0000er', password: 'x' }) }, 400, 'invalid_request'],
  ['a password of 10,000 characters', { method: 'POST', headers: json, body: JSON.stringify({ loginName: 'owner', password: 'x'.repeat(10_000) }) }, 400, 'invalid_request'],
  ['an emoji name', { method: 'POST', headers: json, body: JSON.stringify({ loginName: '🦊🔑', password: 'x' }) }, 401, 'invalid_credentials'],
  ['a body of 1 MB', { method: 'POST', headers: json, body: JSON.stringify({ loginName: 'x'.repeat(1_000_000), password: 'x' }) }, 413, 'too_large'],
  ['a form', { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'loginName=a' }, 415, 'unsupported_media_type'],
  ['the wrong method', { method: 'PUT', headers: json, body: '{}' }, 405, 'method_not_allowed'],
] as const)('%s gets its documented error', async (_what, init, status, code) => {
  const response = await raw('/v1/login', init);
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  const problem = (await response.json()) as Record<string, unknown>;
  expect({ status: response.status, code: problem.code }).toEqual({ status, code });
  expect(JSON.stringify(problem)).not.toMatch(/at .*\.(js|ts):|SELECT|node_modules/);
});

it('an unknown path is a problem document too', async () => {
  const response = await raw('/v1/no-such-thing', { method: 'GET' });
  expect(response.status).toBe(404);
  expect(((await response.json()) as { code: string }).code).toBe('not_found');
});

it('a state-changing request from another site is refused', async () => {
  const browser = newClient();
  await signIn(browser, 'member');
  const answer = await browser.post('/v1/logout', {}, { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' });
  expect(answer).toMatchObject({ status: 403, body: { code: 'cross_site_request' } });
  expect((await browser.get('/v1/session')).status).toBe(200);
});

it("another login's device ids are not found, and nothing changes", async () => {
  const browser = newClient();
  await signIn(browser, 'member');
  const answer = await browser.post('/v1/devices/forget', { deviceIds: ['01a20cad-4cde-7492-a878-d8abf1ba54f6'] });
  expect([404, 409]).toContain(answer.status);
});
