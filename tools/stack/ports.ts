import { createServer } from 'node:net';
import { SetupFailure } from '../failure.ts';

type Answer = 'free' | 'taken' | 'forbidden' | 'no such address';

function tryToListen(port: number, host: string): Promise<Answer> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve('taken');
      else if (error.code === 'EACCES') resolve('forbidden');
      else resolve('no such address');
    });
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve('free')));
  });
}

/** On loopback and on every other address, one after another: tried together they would be in each other's way. */
async function tryEverywhere(port: number): Promise<Answer> {
  for (const host of ['127.0.0.1', '0.0.0.0', '::']) {
    const answer = await tryToListen(port, host);
    if (answer === 'taken' || answer === 'forbidden') return answer;
  }
  return 'free';
}

/** Whether nobody listens on this port, neither on loopback nor on any other address. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await tryEverywhere(port)) === 'free';
}

/** Fails with the port and the variable that chose it. */
export async function requirePort(port: number, variable: string): Promise<void> {
  const state = await tryEverywhere(port);
  if (state === 'taken') throw new SetupFailure(`Port ${port} is already in use by another program. Stop that program, or choose another port with ${variable}.`);
  if (state === 'forbidden') throw new SetupFailure(`Port ${port} needs more rights than this user has. Choose another port with ${variable}.`);
}

/** Hands out loopback ports, each once; a preferred one when it is free. */
export class PortPicker {
  readonly #given = new Set<number>();

  async pick(preferred?: number): Promise<number> {
    if (preferred !== undefined && !this.#given.has(preferred) && (await isPortFree(preferred))) {
      this.#given.add(preferred);
      return preferred;
    }
    for (;;) {
      const port = await unusedPort();
      if (this.#given.has(port)) continue;
      this.#given.add(port);
      return port;
    }
  }
}

/**
 * Below the range the kernel gives to outgoing connections (32768 and up): a port of that range, free now, may belong to
 * some connection by the time a server that takes seconds to start asks for it.
 */
export async function unusedPort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (await isPortFree(port)) return port;
  }
}
