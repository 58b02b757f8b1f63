import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GatewayUnderTest } from '../testing/gateway-under-test.ts';

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
});
afterAll(() => gateway.stop());

/** Bytes as they are, since no client would write them; answers with what came until the server closed. */
async function sendBytes(bytes: string, ending?: 'and end'): Promise<{ status: number; headers: Headers; body: any }> {
  const socket = connect(Number(new URL(gateway.baseUrl).port), '127.0.0.1');
  socket.setTimeout(5_000, () => socket.destroy(new Error('the server did not close')));
  let text = '';
  socket.on('data', (data) => (text += data.toString()));
  socket.write(bytes);
  if (ending) socket.end();
  await once(socket, 'close');
  const [head = '', body = ''] = text.split(/\r\n\r\n([\s\S]*)/);
  const [statusLine = '', ...lines] = head.split('\r\n');
  return { status: Number(statusLine.split(' ')[1]), headers: new Headers(lines.map((line) => line.split(/: (.*)/).slice(0, 2) as [string, string])), body: body ? JSON.parse(body) : undefined };
}

const request = (line: string, ...headers: string[]) => [line, 'Host: localhost', 'Connection: close', ...headers, '', ''].join('\r\n');

it.each([
  ['what is no HTTP', 'EHLO mail.example\r\n\r\n', 400, 'invalid_request'],
  ['a method that nobody knows', request('STEAL /v1/session HTTP/1.1'), 400, 'invalid_request'],
  ['a null byte in a header', request('GET /v1/session HTTP/1.1', 'Cookie: a\u0000b'), 400, 'invalid_request'],
  ['a space in a header name', request('GET /v1/session HTTP/1.1', 'Login Attempt: x'), 400, 'invalid_request'],
  ['two lengths for one body, as smugglers send', `${request('POST /v1/login HTTP/1.1', 'Content-Length: 4', 'Transfer-Encoding: chunked')}0\r\n\r\n`, 400, 'invalid_request'],
  ['a chunk that is none', `${request('POST /v1/login HTTP/1.1', 'Content-Type: application/json', 'Transfer-Encoding: chunked')}zz\r\n{}\r\n`, 400, 'invalid_request'],
  ['a negative length', request('POST /v1/login HTTP/1.1', 'Content-Length: -1'), 400, 'invalid_request'],
  ['headers of 20 kB', request('GET /v1/session HTTP/1.1', `X-Filler: ${'x'.repeat(20_000)}`), 413, 'too_large'],
  ['an address that does not decode', request('GET /v1/%zz HTTP/1.1'), 400, 'invalid_request'],
  ['an address that decodes to no UTF-8', request('GET /v1/%ff HTTP/1.1'), 400, 'invalid_request'],
  ['a way out of the website', request('GET /../../../etc/passwd HTTP/1.1'), 404, 'not_found'],
  ['an encoded way out of the website', request('GET /assets/%2e%2e%2f%2e%2e%2fetc/passwd HTTP/1.1'), 404, 'not_found'],
  ['a body without a type', `${request('POST /v1/login HTTP/1.1', 'Content-Length: 2')}{}`, 415, 'unsupported_media_type'],
  ['TRACE, which would show a script its cookies', request('TRACE /v1/login HTTP/1.1', 'Cookie: __Host-session=secret'), 405, 'method_not_allowed'],
] as const)('%s is refused with problem details and the security headers', async (_what, bytes, status, code) => {
  const answer = await sendBytes(bytes);
  expect(answer).toMatchObject({ status, body: { type: 'about:blank', status, code } });
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(JSON.stringify(answer.body)).not.toMatch(/HPE_|FST_|node:|\.[jt]s:|secret/);
});

it('a request with its whole address is answered as the same one without, and not kept by any cache', async () => {
  const answer = await sendBytes(request('GET http://elsewhere.example/v1/session HTTP/1.1'));
  expect(answer).toMatchObject({ status: 401, body: { code: 'not_signed_in' } });
  expect(answer.headers.get('cache-control')).toBe('no-store');
});

it('a client that breaks off in the middle of its body harms nobody', async () => {
  for (let round = 0; round < 20; round += 1) {
    const socket = connect(Number(new URL(gateway.baseUrl).port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(request('POST /v1/login HTTP/1.1', 'Content-Type: application/json', 'Content-Length: 60000'));
    socket.write('{"loginName":"');
    await new Promise((resolve) => setTimeout(resolve, 2));
    if (round % 2) socket.destroy();
    else socket.resetAndDestroy();
  }
  expect((await gateway.get('/v1/session')).status).toBe(401);
});

it('a body that ends before its announced length does not get to a route', async () => {
  gateway.auth.asked.splice(0);
  const headers = [`Authorization: Bearer ${'s'.repeat(43)}`, 'Content-Type: application/json', 'Content-Length: 10'];
  expect(await sendBytes(`${request('POST /v1/logout HTTP/1.1', ...headers)}{}`, 'and end')).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  expect(gateway.auth.asked).toEqual([]);
});
