import { errorCodes } from '@latchkey/contracts';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isPublic } from '../testing/every-operation.ts';
import { codeRequiredReply, GatewayUnderTest, sessionReply } from '../testing/gateway-under-test.ts';
import { openApiDocument, type OpenApiDocument, type Operation } from '../testing/openapi-document.ts';

let gateway: GatewayUnderTest;
let document: OpenApiDocument;
let operations: { path: string; method: string; operation: Operation }[];
const ajv = new Ajv2020({ strict: true, allErrors: true });
addFormats.default(ajv);
ajv.addVocabulary(['components']);

beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
  document = openApiDocument.parse((await gateway.get('/openapi.json')).body);
  operations = Object.entries(document.paths).flatMap(([path, item]) => Object.entries(item).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })));
  ajv.addSchema({ $id: 'latchkey', components: document.components as object });
});
afterAll(() => gateway.stop());

const validatorOf = (name: string) => ajv.getSchema(`latchkey#/components/schemas/${name}`);
const nameOf = (operation: Operation, status: number) => String(operation.responses[status]?.content?.['application/json']?.schema.$ref).split('/').at(-1) ?? '';

it('covers every route of the public port, and no other', () => {
  // Receipts are in the formats of the vendors that send them: nobody else calls that route.
  const served = gateway.routes.filter(({ method, url }) => method !== 'HEAD' && url.startsWith('/v1') && !url.startsWith('/v1/receipts/'));
  expect(operations.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(served.map(({ method, url }) => `${method} ${url.replace(/:(\w+)/g, '{$1}')}`).sort());
  expect(served.length).toBeGreaterThanOrEqual(39);
  // What is left are the two documents and the files of the website.
  const rest = gateway.routes.filter(({ method, url }) => method !== 'HEAD' && !url.startsWith('/v1')).map(({ url }) => url);
  expect(rest.sort()).toEqual(['/assets/index-abc123.js', '/docs', '/favicon.svg', '/index.html', '/openapi.json']);
});

it('every schema is a JSON Schema of 2020-12 whose references lead somewhere', () => {
  const names = Object.keys(document.components.schemas);
  expect(names).toEqual(expect.arrayContaining(['LoginRequest', 'LoginAnswer', 'Session', 'Problem', 'DeliveryEvent', 'DeviceList', 'TwoFactorSettings']));
  for (const name of names) expect(validatorOf(name), name).toBeTypeOf('function');
  const references = JSON.stringify(document).match(/"\$ref":"[^"]*"/g) ?? [];
  for (const reference of references) expect(names, reference).toContain(reference.slice('"$ref":"#/components/schemas/'.length, -1));
});

it('operations have ids of their own, and the parameters that their paths have', () => {
  expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length);
  for (const { path, operation } of operations) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name), path).toEqual(inPath);
  }
});

it('says what a session is shown with, and where none is needed', () => {
  expect(document.components.securitySchemes).toMatchObject({ web: { type: 'apiKey', in: 'cookie', name: '__Host-session' }, app: { type: 'http', scheme: 'bearer' } });
  for (const { path, operation } of operations) {
    const schemes = (operation.security ?? []).flatMap((scheme) => Object.keys(scheme)).sort();
    expect(schemes, path).toEqual(isPublic(path) ? [] : ['app', 'web']);
  }
});

it('names the headers that are part of a call', () => {
  const headers = Object.fromEntries(operations.map(({ method, path, operation }) => [`${method} ${path}`, operation.parameters.filter((parameter) => parameter.in === 'header').map(({ name, required }) => [name, required])]));
  expect(headers['GET /v1/login/events']).toEqual([['Login-Attempt', true]]);
  for (const path of ['/v1/login', '/v1/login/verify-code', '/v1/login/reset-two-factor/confirm']) expect(headers[`POST ${path}`]).toEqual([['Device-Token', false]]);
});

it('every failure is problem details, with the closed union of codes', () => {
  for (const { path, operation } of operations) {
    expect(operation.responses.default?.content, path).toEqual({ 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } });
  }
  expect((document.components.schemas.Problem as any).properties.code.enum).toEqual(Object.keys(errorCodes));
});

it('the stream of events is described as one', () => {
  const events = document.paths['/v1/login/events']?.get;
  expect(events?.responses['200']?.content).toEqual({ 'text/event-stream': { schema: { $ref: '#/components/schemas/DeliveryEvent' } } });
});

it('real answers and real problems fit the schemas that are documented for them', async () => {
  const authorization = `Bearer ${'s'.repeat(43)}`;
  gateway.auth.answers['login.start'] = async () => codeRequiredReply();
  gateway.auth.answers['session.get'] = async () => sessionReply();
  const start = document.paths['/v1/login']?.post as Operation;
  const get = document.paths['/v1/session']?.get as Operation;
  const expectFits = (name: string, body: unknown) => {
    const validate = validatorOf(name);
    expect([validate?.(body), validate?.errors]).toEqual([true, null]);
  };
  expectFits(nameOf(start, 200), (await gateway.post('/v1/login', { loginName: 'owner', password: 'x' })).body);
  gateway.auth.answers['login.start'] = async () => ({ status: 'signed_in', session: sessionReply(), browserId: null });
  expectFits(nameOf(start, 200), (await gateway.post('/v1/login', { loginName: 'owner', password: 'x', client: 'app' })).body);
  expectFits(nameOf(get, 200), (await gateway.get('/v1/session', { authorization })).body);
  for (const problem of [await gateway.get('/v1/session'), await gateway.get('/v1/none'), await gateway.post('/v1/login', { admin: true })]) expectFits('Problem', problem.body);
});

it('what the documented schema of a body refuses, the gateway refuses, and the other way round', async () => {
  const validate = validatorOf('LoginRequest');
  gateway.auth.answers['login.start'] = async () => codeRequiredReply();
  const right = { loginName: 'owner', password: 'x' };
  for (const body of [right, { ...right, client: 'app' }, { ...right, client: 'tv' }, { ...right, admin: true }, { loginName: 'owner' }, { ...right, loginName: '' }, { ...right, password: 'x'.repeat(129) }, { ...right, password: 7 }, []]) {
    expect((await gateway.post('/v1/login', body)).status, JSON.stringify(body)).toBe(validate?.(body) ? 200 : 400);
  }
});

it('any site may read the document; the page for people needs no script and holds every operation', async () => {
  expect((await gateway.get('/openapi.json')).headers.get('access-control-allow-origin')).toBe('*');
  const { text, headers } = await gateway.get('/docs', { accept: 'text/html' });
  expect(headers.get('content-type')).toContain('text/html');
  expect(/<script|<style|\sstyle=|\son\w+=|>undefined|\[object/.exec(text)).toBeNull();
  for (const { method, path } of operations) expect(text).toContain(`<code>${method} ${path}</code>`);
});
