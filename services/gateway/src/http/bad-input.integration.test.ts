import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { everyOperation, exampleId } from '../testing/every-operation.ts';
import { GatewayUnderTest } from '../testing/gateway-under-test.ts';

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
});
afterAll(() => gateway.stop());
beforeEach(() => void gateway.auth.asked.splice(0));

const json = { 'content-type': 'application/json' };
/** Every operation that takes a body, with a right one. */
const withBody = everyOperation.flatMap(({ method, path, body, optional = [], nullable = [] }) => (body ? [{ method, path, right: body, optional, nullable }] : []));

async function send(method: string, path: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = json) {
  const response = await gateway.fetch(path, { method, body, headers: { authorization: `Bearer ${'s'.repeat(43)}`, ...headers } });
  const text = await response.text();
  const problem = (text ? JSON.parse(text) : {}) as Record<string, any>;
  if (response.status >= 400) expectProblem(response, problem);
  return { status: response.status, code: problem.code as string, issues: problem.issues as { path: string; message: string }[], text, headers: response.headers };
}

/** RFC 9457, and nothing of the inside. */
function expectProblem(response: Response, problem: Record<string, unknown>): void {
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(problem).toMatchObject({ type: 'about:blank', title: expect.stringMatching(/^\w/), status: response.status, code: expect.stringMatching(/^[a-z_]+$/) });
  expect(Object.keys(problem).filter((key) => !['type', 'title', 'status', 'code', 'issues'].includes(key))).toEqual([]);
  expect(JSON.stringify(problem)).not.toMatch(/\bat .*\.[jt]s\b|node_modules|FST_|Zod|Refusal|stack|latchkey\./i);
}

it('the operations here are all that take a body', async () => {
  const { paths } = (await gateway.get('/openapi.json')).body as { paths: Record<string, Record<string, { requestBody?: unknown }>> };
  const documented = Object.entries(paths).flatMap(([path, item]) => Object.entries(item).filter(([, { requestBody }]) => requestBody).map(([method]) => `${method.toUpperCase()} ${path}`));
  expect(withBody.map(({ method, path }) => `${method} ${path.replace(exampleId, '{id}')}`).sort()).toEqual(documented.sort());
});

describe.each(withBody)('$method $path', ({ method, path, right, optional, nullable }) => {
  it('lets the right body through, and no wrong one reaches another service', async () => {
    expect(await send(method, path, JSON.stringify(right))).toMatchObject({ status: 401, code: 'not_signed_in' });
    expect(gateway.auth.asked.splice(0)).toHaveLength(1);

    for (const body of ['{"', 'nothing', '{"a":1}}', "{'a':1}", 'NaN', '\u0000', '\ufeff']) {
      expect(await send(method, path, body), body).toMatchObject({ status: 400, code: 'invalid_request', issues: [{ path: '' }] });
    }
    for (const body of ['null', '[]', '"text"', '7', 'true']) {
      expect(await send(method, path, body), body).toMatchObject({ status: 400, code: 'invalid_request', issues: [{ path: '', message: expect.stringContaining('expected object') }] });
    }
    expect(await send(method, path, JSON.stringify({ ...right, admin: true }))).toMatchObject({ status: 400, code: 'invalid_request', issues: [{ path: 'admin', message: 'there is no such field' }] });
    expect(await send(method, path, `{"__proto__":{"admin":true},${JSON.stringify(right).slice(1)}`)).toMatchObject({ status: 400, code: 'invalid_request' });

    expect(await send(method, path, JSON.stringify({ ...right, filler: 'x'.repeat(70_000) }))).toMatchObject({ status: 413, code: 'too_large' });
    expect(await send(method, path, JSON.stringify({ ...right, filler: 'x'.repeat(1_000_000) }))).toMatchObject({ status: 413, code: 'too_large' });
    expect(await send(method, path, `${JSON.stringify(right)}${' '.repeat(66_000)}`)).toMatchObject({ status: 413, code: 'too_large' });

    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x', 'application/json-seq', 'application/xml']) {
      expect(await send(method, path, JSON.stringify(right), { 'content-type': type }), type).toMatchObject({ status: 415, code: 'unsupported_media_type' });
    }
    expect(gateway.auth.asked).toEqual([]);
  });

  it('names the field that is missing, has the wrong type or holds what it must not', async () => {
    for (const field of Object.keys(right)) {
      const { [field]: _left, ...rest } = right;
      if (!optional.includes(field)) expect((await send(method, path, JSON.stringify(rest))).issues.map((issue) => issue.path)).toContain(field);
      const wrong = [null, 7, true, {}, [], [[]], '', 'x'.repeat(10_000)].filter((value) => (typeof value !== 'boolean' || typeof right[field] !== 'boolean') && (value !== null || !nullable.includes(field)));
      for (const value of wrong) {
        const answer = await send(method, path, JSON.stringify({ ...right, [field]: value }));
        expect({ ...answer, value }).toMatchObject({ status: 400, code: 'invalid_request' });
        expect(answer.issues.every((issue) => issue.path === field || issue.path.startsWith(`${field}.`) || (field === 'kind' && issue.path === '')), JSON.stringify(answer.issues)).toBe(true);
      }
    }
    expect(gateway.auth.asked).toEqual([]);
  });
});

const withParts = withBody.flatMap((operation) => Object.entries(operation.right).flatMap(([field, part]) => (typeof part === 'object' && part !== null && !Array.isArray(part) ? [{ ...operation, field, part: part as Record<string, unknown> }] : [])));
it.each(withParts)('$method $path names what is wrong within $field', async ({ method, path, right, field, part }) => {
  const expectIssue = async (changed: object, issue: string) => {
    const { status, code, issues } = await send(method, path, JSON.stringify({ ...right, [field]: changed }));
    expect({ status, code, paths: [...new Set(issues.map((found) => found.path))] }).toEqual({ status: 400, code: 'invalid_request', paths: [issue] });
  };
  await expectIssue({ ...part, admin: true }, `${field}.admin`);
  for (const name of Object.keys(part)) {
    const { [name]: _left, ...rest } = part;
    await expectIssue(rest, `${field}.${name}`);
    for (const value of [7, true, {}, [], '', 'x'.repeat(10_000)]) await expectIssue({ ...part, [name]: value }, `${field}.${name}`);
  }
  expect(gateway.auth.asked).toEqual([]);
});

it('a null byte or another control character is refused in every name', async () => {
  for (const character of ['\u0000', '\u0007', '\n', '\u001b', '\u007f', '\u0085']) {
    for (const field of ['loginName', 'deviceName']) {
      const answer = await gateway.post('/v1/login', { loginName: 'owner', password: 'x', [field]: `own${character}er` });
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request', issues: [{ path: field, message: 'must not contain control characters' }] } });
    }
  }
  expect(gateway.auth.asked).toEqual([]);
});

it('a password may hold any character, and crosses the broker as it was typed', async () => {
  const password = ' \u0000\t🔑é\u202e"\\ ';
  await gateway.post('/v1/login', { loginName: '🦊 ключ', password });
  const { loginName, sealedPassword } = gateway.auth.lastAsked('login.start');
  expect([loginName, await gateway.sealing.open('password', sealedPassword)]).toEqual(['🦊 ключ', password]);
});

it('bytes that are no UTF-8 are refused, not replaced', async () => {
  const body = Uint8Array.from(Buffer.from('{"loginName":"owner","password":"\xe9\xff"}', 'latin1'));
  expect(await send('POST', '/v1/login', body)).toMatchObject({ status: 400, code: 'invalid_request' });
  expect(gateway.auth.asked).toEqual([]);
});

it('whatever JSON is sent to log in, the answer is one that is documented', async () => {
  const likely = fc.record(
    { loginName: fc.anything(), password: fc.anything(), client: fc.anything(), deviceName: fc.anything() },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(fc.oneof(likely, fc.jsonValue()), async (value) => {
      const answer = await send('POST', '/v1/login', JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? String(part) : part)) ?? 'null');
      expect([400, 401]).toContain(answer.status);
    }),
    { numRuns: 200 },
  );
});

it.each([
  ['POST', '/v1/no-such-thing'],
  ['GET', '/v1'],
  ['GET', '/v1/'],
  ['POST', '/v1/login/'],
  ['POST', '//v1/login'],
  ['POST', '/V1/login'],
  ['DELETE', '/v1/sessions/not-an-id'],
  ['DELETE', `/v1/sessions/${'7'.repeat(120)}`],
  ['DELETE', '/v1/sessions/%00'],
  ['DELETE', `/v1/sessions/${exampleId}%2f..`],
])('%s %s is not there', async (method, path) => {
  const answer = await gateway.call(method, path, method === 'POST' ? {} : undefined, { authorization: `Bearer ${'s'.repeat(43)}`, accept: 'text/html' });
  expect(answer).toMatchObject({ status: 404, body: { code: 'not_found', status: 404 } });
  expect(gateway.auth.asked).toEqual([]);
});

it.each([
  ['GET', '/v1/login', 'POST'],
  ['PUT', '/v1/login', 'POST'],
  ['PATCH', '/v1/two-factor', 'GET'],
  ['OPTIONS', '/v1/login', 'POST'],
  ['POST', '/v1/session', 'GET'],
  ['GET', `/v1/sessions/${exampleId}`, 'DELETE'],
  ['DELETE', '/openapi.json', 'GET'],
])('%s %s is told which methods there are: %s', async (method, path, allowed) => {
  const answer = await gateway.call(method, path, undefined, { accept: 'text/html' });
  expect(answer).toMatchObject({ status: 405, body: { code: 'method_not_allowed' } });
  expect(answer.headers.get('allow')).toBe(allowed);
});
