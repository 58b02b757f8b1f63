import { expect, it } from 'vitest';
import { demoPassword } from './api-client.ts';
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
  ['half a character in a name', { method: 'POST', headers: json, body: '{"loginName":"\\ud800","password":"x"}' }, 401, 'invalid_credentials'],
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

/** As far as the document says it: a value that fits a schema. */
interface Schema { $ref?: string; type?: string; const?: unknown; enum?: unknown[]; anyOf?: Schema[]; oneOf?: Schema[]; properties?: Record<string, Schema>; required?: string[]; items?: Schema; format?: string; pattern?: string; minLength?: number }
interface Operation { operationId: string; parameters: { name: string; in: string }[]; requestBody?: { content: Record<string, { schema: Schema }> }; security?: object[] }
interface ApiDocument { paths: Record<string, Record<string, Operation>>; components: { schemas: Record<string, Schema> } }

const someId = '01a20cad-4cde-7492-a878-d8abf1ba54f6';

/** The body with one thing wrong, once for each thing that can be wrong in it. */
function wrongBodies(schema: Schema, document: ApiDocument): unknown[] {
  const resolve = (part: Schema): Schema => {
    const named = part.$ref ? (document.components.schemas[part.$ref.split('/').at(-1) ?? ''] ?? {}) : part;
    const [first] = named.oneOf ?? named.anyOf ?? [];
    return first ? resolve(first) : named;
  };
  const example = (part: Schema): unknown => {
    const { type, const: only, enum: values, properties = {}, items = {}, format, pattern, minLength = 1 } = resolve(part);
    if (only !== undefined || values) return only ?? values?.[0];
    if (type === 'object') return Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, example(property)]));
    if (type === 'array') return [example(items)];
    if (type === 'boolean') return true;
    if (format === 'uuid') return someId;
    if (pattern?.includes('{56}')) return 'a'.repeat(56);
    if (pattern?.includes('{43}')) return `w${'a'.repeat(43)}`;
    return 'x'.repeat(Math.max(8, minLength));
  };
  const variants = (part: Schema): unknown[] => {
    const { type, properties = {}, required = [] } = resolve(part);
    const wrongTypes = [7, ...(type === 'boolean' ? [] : [true]), ...(type === 'object' ? [[]] : [{}]), ...(type === 'array' ? [] : [[[]]])];
    if (type !== 'object') return [...wrongTypes, '', 'x'.repeat(20_000), '\ud800'.repeat(600)];
    const whole = example(part) as Record<string, unknown>;
    const without = (field: string) => Object.fromEntries(Object.entries(whole).filter(([name]) => name !== field));
    return [
      ...wrongTypes,
      { ...whole, admin: true },
      ...required.map(without),
      ...Object.entries(properties).flatMap(([name, property]) => variants(property).map((value) => ({ ...whole, [name]: value }))),
    ];
  };
  return variants(schema);
}

it('no operation of the document answers a body that is not as documented with anything but 400', async () => {
  const document = (await (await raw('/openapi.json', {})).json()) as ApiDocument;
  const { session } = (await (await raw('/v1/login', { method: 'POST', headers: json, body: JSON.stringify({ loginName: 'dealer', password: demoPassword, client: 'app' }) })).json()) as { session: { sessionToken: string } };
  const authorization = `Bearer ${session.sessionToken}`;
  const tried = new Set<string>();
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, { operationId, requestBody }] of Object.entries(item)) {
      for (const body of requestBody ? wrongBodies(requestBody.content['application/json']?.schema ?? {}, document) : []) {
        const sent = JSON.stringify(body);
        const response = await raw(path.replace('{id}', someId), { method: method.toUpperCase(), headers: { ...json, authorization }, body: sent });
        const problem = (await response.json()) as Record<string, unknown>;
        expect({ operationId, sent: sent.slice(0, 300), status: response.status, code: problem.code }).toMatchObject({ status: 400, code: 'invalid_request' });
        expect((problem.issues as unknown[]).length).toBeGreaterThan(0);
        tried.add(operationId);
      }
    }
  }
  expect(tried.size).toBeGreaterThanOrEqual(22);
});

it('whatever stands in a path or a query, no operation breaks', async () => {
  const document = (await (await raw('/openapi.json', {})).json()) as ApiDocument;
  const signIn = async (loginName: string) => {
    const answer = await raw('/v1/login', { method: 'POST', headers: json, body: JSON.stringify({ loginName, password: demoPassword, client: 'app' }) });
    return ((await answer.json()) as { session: { sessionToken: string } }).session.sessionToken;
  };
  const sessions = [await signIn('dealer'), await signIn('member'), ''];
  const ids = [someId, '00000000-0000-0000-0000-000000000000', 'not-an-id', '%00', '%F0%9F%A6%8A', "'%20or%20''='", 'x'.repeat(3_000)];
  const values = ['', '%', '_%\\', "'; select 1 --", '\u0000', '🦊', 'x'.repeat(300), 'e30', '9999-12-31T23:59:59Z', '0001-01-01T00:00:00Z', '-1', 'eyJuYW1lIjo3fQ'];
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      // Those that change something need a body to get as far as their id.
      if (method !== 'get' && !path.includes('{id}')) continue;
      const paths = path.includes('{id}') ? ids.map((id) => path.replace('{id}', id)) : [path];
      const queries = ['', '?admin=true', ...operation.parameters.filter((parameter) => parameter.in === 'query').flatMap(({ name }) => [...values.map((value) => `?${name}=${encodeURIComponent(value)}`), `?${name}=%zz`, `?${name}=a&${name}=b`])];
      for (const target of paths.flatMap((one) => queries.map((query) => `${one}${query}`))) {
        for (const session of sessions) {
          const response = await raw(target, { method: method.toUpperCase(), redirect: 'manual', headers: session ? { authorization: `Bearer ${session}` } : {} });
          const text = await response.text();
          expect({ method, target: target.slice(0, 200), status: response.status, broken: response.status >= 500, text: text.slice(0, 200) }).toMatchObject({ broken: false });
          expect(text).not.toMatch(/at .*\.(js|ts):|SELECT|QueryFailed|node_modules/);
        }
      }
    }
  }
});
