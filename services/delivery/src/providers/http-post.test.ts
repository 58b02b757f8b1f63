import { createServer, type Server } from 'node:net';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { HttpPoster } from './http-post.ts';

const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const step of cleanUp.splice(0)) step();
});

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUp.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

function post(url: string, timeoutMs = 400) {
  const poster = new HttpPoster(url, timeoutMs);
  cleanUp.push(() => poster.close());
  return poster.post('{}', {});
}

const silent = () =>
  createServer((socket) => {
    socket.on('error', () => undefined).resume();
    cleanUp.push(() => socket.destroy());
  });

it('a timeout before TLS stands: surely not sent', async () => {
  expect(await post(`https://127.0.0.1:${await portOf(silent())}/`)).toEqual({ kind: 'not_sent', reason: 'ETIMEDOUT' });
});

it('a timeout after the request went out: no answer', async () => {
  expect(await post(`http://127.0.0.1:${await portOf(silent())}/`)).toEqual({ kind: 'no_answer', reason: 'ETIMEDOUT' });
});

it('a peer that does not speak TLS, or hangs up on it: surely not sent', async () => {
  const plain = await portOf(http.createServer((_request, answer) => answer.end()));
  expect(await post(`https://127.0.0.1:${plain}/`)).toMatchObject({ kind: 'not_sent' });
  const rude = await portOf(createServer((socket) => void socket.on('error', () => undefined).once('data', () => socket.destroy())));
  expect(await post(`https://127.0.0.1:${rude}/`)).toMatchObject({ kind: 'not_sent' });
});

it('no such host: surely not sent', async () => {
  expect(await post('http://nobody.invalid/', 5_000)).toMatchObject({ kind: 'not_sent', reason: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/) });
});

it('an answer that trickles longer than the timeout is none', async () => {
  const port = await portOf(
    http.createServer((_request, answer) => {
      answer.writeHead(200);
      const drip = setInterval(() => answer.write(' '), 50);
      answer.on('close', () => clearInterval(drip));
    }),
  );
  expect(await post(`http://127.0.0.1:${port}/`)).toEqual({ kind: 'no_answer', reason: 'ETIMEDOUT' });
});

it('an answer without end does not fill the memory', async () => {
  const port = await portOf(http.createServer((_request, answer) => void answer.writeHead(200).end('x'.repeat(1_000_000))));
  expect(await post(`http://127.0.0.1:${port}/`, 2_000)).toMatchObject({ kind: 'no_answer', reason: 'the answer is too long' });
});

it('a redirect is an answer: nothing is sent on to where it points', async () => {
  let asked = 0;
  const elsewhere = await portOf(http.createServer((_request, answer) => void ((asked += 1), answer.end())));
  const port = await portOf(http.createServer((_request, answer) => void answer.writeHead(307, { location: `http://127.0.0.1:${elsewhere}/` }).end()));
  expect(await post(`http://127.0.0.1:${port}/`)).toMatchObject({ kind: 'answered', status: 307 });
  expect(asked).toBe(0);
});
