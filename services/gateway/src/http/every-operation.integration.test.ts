import { hashSecret, newSecret } from '@latchkey/platform';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { everyOperation, type ExampleOperation, exampleId, isPublic } from '../testing/every-operation.ts';
import { GatewayUnderTest } from '../testing/gateway-under-test.ts';
import { openApiDocument, type OpenApiDocument, type Operation } from '../testing/openapi-document.ts';

let gateway: GatewayUnderTest;
let document: OpenApiDocument;
const ajv = new Ajv2020({ strict: true, allErrors: true });
addFormats.default(ajv);
ajv.addVocabulary(['components']);

beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
  document = openApiDocument.parse((await gateway.get('/openapi.json')).body);
  ajv.addSchema({ $id: 'latchkey', components: document.components as object });
  for (const { asks, reply } of everyOperation) Object.assign(gateway.auth.answers, { [asks]: () => reply(gateway.sealing) });
});
afterAll(() => gateway.stop());
beforeEach(() => void gateway.auth.asked.splice(0));

const secret = newSecret();
const app = { authorization: `Bearer ${secret}` };
const documented = ({ method, template }: ExampleOperation) => document.paths[template]?.[method.toLowerCase() as 'get'] as Operation;
const send = ({ method, path, query, body }: ExampleOperation, headers: Record<string, string> = app) => gateway.call(method, withQuery(path, query), body, headers);
const withQuery = (path: string, query: Record<string, string> | [string, string][] = {}) => `${path}?${new URLSearchParams(query)}`;

/** Of other kinds: a stream, and the answers to gateways and browsers that are no JSON. */
const others = ['GET /v1/login/events', 'GET /v1/forward-auth', 'GET /v1/login/return'];

it('the operations here are all that are documented and answer in JSON', () => {
  const names = Object.entries(document.paths).flatMap(([path, item]) => Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`));
  expect([...everyOperation.map(({ method, template }) => `${method} ${template}`), ...others].sort()).toEqual(names.sort());
});

describe.each(everyOperation)('$method $template', (operation) => {
  const { template, asks, status, secrets = [] } = operation;
  const call = (headers?: Record<string, string>) => send(operation, headers);

  it('answers what is documented, for nobody to keep', async () => {
    const answer = await call();
    expect([answer.status, Object.keys(documented(operation).responses)]).toEqual([status, [String(status), 'default']]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const schema = documented(operation).responses[status]?.content?.['application/json']?.schema;
    if (!schema) return void expect(answer.text).toBe('');
    const validate = ajv.getSchema(`latchkey${String(schema.$ref)}`);
    expect([validate?.(answer.body), validate?.errors]).toEqual([true, null]);
    expect(answer.text).not.toMatch(/sealed|hash/i);
  });

  it('asks auth once, and tells it no secret in the clear', async () => {
    await call();
    expect(gateway.auth.asked.map(({ name }) => name)).toEqual([asks]);
    const crossed = JSON.stringify(gateway.auth.asked[0]?.payload);
    for (const clear of [...secrets, secret]) expect(crossed).not.toContain(clear);
    if (!isPublic(template)) expect(gateway.auth.asked[0]?.payload).toMatchObject({ sessionHash: hashSecret(secret) });
  });

  it('sets cookies where a browser gets or loses its session, and nowhere else', async () => {
    const names = (await call({ cookie: `__Host-session=${secret}` })).cookies.map((cookie) => cookie.split('=')[0]);
    if (/verify-code$|reset-two-factor\/confirm$/.test(template)) expect(names).toEqual(['__Host-session', '__Host-device']);
    else if (/logout$|methods\/\{id\}\/confirm$/.test(template)) expect(names).toEqual(['__Host-session']);
    else expect(names).toEqual([]);
  });

  it('what auth adds beyond the contract does not leave', async () => {
    const { [asks]: usual } = gateway.auth.answers;
    Object.assign(gateway.auth.answers, { [asks]: async () => ({ ...(await operation.reply(gateway.sealing)), passwordHash: 'inside' }) });
    expect((await call()).text).not.toContain('inside');
    Object.assign(gateway.auth.answers, { [asks]: usual });
  });
});

const ofSession = everyOperation.filter(({ template, asks }) => !isPublic(template) && asks !== 'session.logout');
it.each(ofSession)('$method $template is refused without a session, and nobody is asked', async (operation) => {
  expect(await send(operation, {})).toMatchObject({ status: 401, body: { code: 'not_signed_in' }, cookies: [] });
  expect(gateway.auth.asked).toEqual([]);
});

const noIds = ['not-an-id', '7', `${exampleId}0`, '%00', '..%2f..', 'x'.repeat(4_000), "'; drop table logins; --", exampleId.replace('7867', '0867')];
it.each(everyOperation.filter(({ template }) => template.includes('{id}')))('$method $template: an id that is none is not there, and nobody is asked', async (operation) => {
  for (const id of noIds) {
    const answer = await send({ ...operation, path: operation.template.replace('{id}', encodeURI(id)) });
    expect([id, answer.status, answer.body.code]).toEqual([id, 404, 'not_found']);
  }
  expect(gateway.auth.asked).toEqual([]);
});

/** What a parameter must not be, besides too long and with a null byte. */
const wrongValues: Record<string, string[]> = {
  before: ['', 'yesterday', '2026-01-02', '2026-02-30T00:00:00Z', '2026-01-02T03:04:05+02:00', '1700000000'],
  cursor: ['', 'ключ', 'two words'],
  query: ['line\nbreak'],
};
describe.each(everyOperation.filter(({ query }) => query))('$method $template', ({ path, status, query = {}, required = [] }) => {
  const ask = (parameters: [string, string][]) => gateway.get(withQuery(path, parameters), app);
  const expectRefused = async (parameters: [string, string][], issue: string) => {
    const { status, body } = await ask(parameters);
    expect([parameters, status, body]).toMatchObject([parameters, 400, { code: 'invalid_request', issues: expect.arrayContaining([expect.objectContaining({ path: issue })]) }]);
  };

  it('names the parameter that is wrong, there twice or unknown, and nobody is asked', async () => {
    for (const [name, value] of Object.entries(query)) {
      for (const wrong of [`${value}\u0000`, 'x'.repeat(1_000), ...(wrongValues[name] ?? [])]) await expectRefused([[name, wrong]], name);
      await expectRefused([[name, value], [name, value]], name);
      await expectRefused([[`${name}[]`, value]], `${name}[]`);
      await expectRefused([[name, value], ['admin', 'true']], 'admin');
    }
    expect(gateway.auth.asked).toEqual([]);
  });

  it('passes the parameters on as they are, and is the first page without them', async () => {
    expect((await ask(Object.entries(query))).status).toBe(status);
    expect(gateway.auth.asked.at(-1)?.payload).toMatchObject(query);
    expect((await ask(Object.entries(query).filter(([name]) => required.includes(name)))).status).toBe(status);
    const left = Object.keys(query).filter((name) => !required.includes(name));
    expect(gateway.auth.asked.at(-1)?.payload).toMatchObject(Object.fromEntries(left.map((name) => [name, name === 'query' ? '' : null])));
    if (required.length > 0) await expectRefused([], required[0] ?? '');
  });
});
