import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@latchkey/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { codeRequiredReply, GatewayUnderTest } from '../testing/gateway-under-test.ts';

const folder = mkdtempSync(join(tmpdir(), 'latchkey-traces-'));
const file = join(folder, 'traces.jsonl');
let gateway: GatewayUnderTest;

// The gateway and its stand-ins are one process here, and share its SDK.
beforeAll(async () => {
  gateway = await GatewayUnderTest.start({ LATCHKEY_TRACE_FILE: file, LATCHKEY_TRUSTED_PROXIES: '127.0.0.1' });
});
afterAll(async () => {
  await gateway.stop();
  rmSync(folder, { recursive: true });
});

const spans = (): any[] =>
  readFileSync(file, 'utf8').split('\n').filter(Boolean).flatMap((line) => JSON.parse(line).resourceSpans).flatMap(({ scopeSpans }) => scopeSpans).flatMap((scope) => scope.spans);
const spansOf = (traceId: string) => spans().filter((span) => span.traceId === traceId);
const valueOf = (span: any, key: string) => Object.values(span.attributes.find((attribute: any) => attribute.key === key)?.value ?? {})[0];
const login = (headers: Record<string, string>) => gateway.post('/v1/login', { loginName: 'owner', password: 'correct-horse-battery-staple' }, headers);
const parentOf = (traceId: string, flags = '01') => ({ traceparent: `00-${traceId}-${'cd'.repeat(8)}-${flags}` });

it('goes on with the trace of a proxy that is trusted, and what it asks others is part of it though the body came in between', async () => {
  gateway.auth.answers['login.start'] = async () => codeRequiredReply();
  const traceId = 'a1'.repeat(16);
  expect((await login(parentOf(traceId))).status).toBe(200);
  const [request, asked] = await eventually(() => {
    const found = spansOf(traceId);
    const [one, other] = [found.find(({ name }) => name === 'POST /v1/login'), found.find(({ name, kind }) => name === 'login.start' && kind === 3)];
    return one && other && ([one, other] as const);
  });
  expect(request.parentSpanId).toBe('cd'.repeat(8));
  expect(asked.parentSpanId).toBe(request.spanId);
  expect(valueOf(request, 'http.response.status_code')).toBe(200);
});

it('keeps nothing of what the proxy did not keep', async () => {
  gateway.auth.answers['login.start'] = async () => codeRequiredReply();
  const [left, kept] = ['b2'.repeat(16), 'c3'.repeat(16)];
  await login(parentOf(left, '00'));
  await login(parentOf(kept));
  await eventually(() => spansOf(kept).some(({ name }) => name === 'POST /v1/login'));
  expect(spansOf(left)).toEqual([]);
});

it('a request whose client went away has its end', async () => {
  const traceId = 'd4'.repeat(16);
  const { hostname, port } = new URL(gateway.baseUrl);
  const socket = connect(Number(port), hostname);
  socket.write(`POST /v1/login HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 500\r\ntraceparent: ${parentOf(traceId).traceparent}\r\n\r\n{`);
  await new Promise((resolve) => setTimeout(resolve, 100));
  socket.destroy();
  const [span] = await eventually(() => spansOf(traceId).length > 0 && spansOf(traceId));
  expect(valueOf(span, 'error.type')).toBeDefined();
});

it('the files of the website and addresses that lead nowhere are not traced', async () => {
  const traceId = 'e5'.repeat(16);
  await gateway.get('/', parentOf(traceId));
  await gateway.get('/v1/no-such-thing', parentOf(traceId));
  await gateway.get('/v1/session', parentOf('f6'.repeat(16)));
  await eventually(() => spansOf('f6'.repeat(16)).length > 0);
  expect(spansOf(traceId)).toEqual([]);
});
