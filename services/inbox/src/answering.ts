import { STATUS_CODES } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Misbehaviour, slowMs } from './misbehaviour.ts';

/** An answer as the vendor gives it when all is well. */
export type Answer = { status: number; type: string; body: string; headers?: Record<string, string> };

/** Answers a call whose message was taken, in the way its recipient makes it go wrong. */
export async function answerAs(misbehaviour: Misbehaviour | undefined, request: FastifyRequest, reply: FastifyReply, answer: Answer): Promise<FastifyReply> {
  const { socket } = request.raw;
  switch (misbehaviour) {
    case 'slow':
      await wait(slowMs);
      break;
    case 'lost_answer':
      reply.hijack();
      socket.destroy();
      return reply;
    case 'cut_off': {
      reply.hijack();
      const whole = raw(answer);
      socket.end(whole.subarray(0, whole.length - Math.ceil(answer.body.length / 2)));
      return reply;
    }
    case 'answered_twice':
      reply.hijack();
      socket.write(Buffer.concat([raw(answer), raw(answer)]));
      return reply;
    case 'gateway_timeout':
      return reply.code(504).type('text/html').send('<html><head><title>504 Gateway Time-out</title></head><body><h1>504 Gateway Time-out</h1></body></html>');
  }
  return reply
    .code(misbehaviour === 'accepted_for_later' ? 202 : answer.status)
    .headers(answer.headers ?? {})
    .type(answer.type)
    .send(answer.body);
}

function raw({ status, type, body, headers = {} }: Answer): Buffer {
  const lines = Object.entries({ ...headers, 'content-type': type, 'content-length': String(Buffer.byteLength(body)) }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`);
}
