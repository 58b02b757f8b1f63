import { Refusal } from '@latchkey/contracts';
import type { FastifyReply } from 'fastify';
import type { Socket } from 'node:net';
import { problemOf, problemType, sendProblem } from './problem-filter.ts';
import { securityHeaders } from './security-headers.ts';

/**
 * Requests that fail before any route or hook is reached: an address that does not decode, and what is no HTTP. They get
 * problem details and the security headers like everybody else.
 */
export function brokenRequestHandlers(publicUrl: string) {
  const headers = securityHeaders(publicUrl);
  const refusal = (message: string) => new Refusal('invalid_request', { issues: [{ path: '', message }] });
  return {
    frameworkErrors: (_error: Error, _request: unknown, reply: FastifyReply): void => {
      void reply.headers(headers);
      sendProblem(reply, refusal('the address is not valid'));
    },
    clientErrorHandler: (error: Error & { code?: string }, socket: Socket): void => {
      if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return;
      const problem = problemOf(error.code === 'HPE_HEADER_OVERFLOW' ? new Refusal('too_large') : refusal(error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'the request took too long' : 'this is not valid HTTP'));
      const body = JSON.stringify(problem);
      const lines = Object.entries({ ...headers, 'content-type': problemType, 'content-length': Buffer.byteLength(body), connection: 'close' });
      socket.end(`HTTP/1.1 ${problem.status} ${problem.status === 413 ? 'Content Too Large' : 'Bad Request'}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`);
    },
  };
}
