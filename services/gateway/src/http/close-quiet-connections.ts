import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** A request may be on its way on a connection that was just opened. */
const graceMs = 500;
const everyMs = 100;

/**
 * Lets a stop take as long as its last request and no longer. By itself Node waits, until everything is cut, for two kinds
 * of connections that ask nothing: those that browsers open ahead, since what never asked counts as busy (so that the
 * header timeout gets it), and those whose last answer went out after the stop began.
 */
export function closeQuietConnections(server: FastifyInstance): void {
  const silent = new Set<Socket>();
  server.server.on('connection', (socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  server.server.on('request', ({ socket }) => silent.delete(socket));
  server.addHook('preClose', (done) => {
    const grace = setTimeout(() => silent.forEach((socket) => socket.destroy()), graceMs);
    const sweep = setInterval(() => server.server.closeIdleConnections(), everyMs);
    server.server.once('close', () => {
      clearTimeout(grace);
      clearInterval(sweep);
    });
    done();
  });
}
