import { createServer, type AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { type HealthCheck, startInternalServer } from './internal-server.ts';

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

async function scrape(checks: Record<string, HealthCheck>): Promise<string[]> {
  const port = await freePort();
  const server = await startInternalServer({ host: '127.0.0.1', port, checks });
  try {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`, { signal: AbortSignal.timeout(5_000) })).text();
    return text.split('\n').filter((line) => line.startsWith('latchkey_ready{'));
  } finally {
    await server.close();
  }
}

it('each part that a process needs is told on its own', async () => {
  const checks = { broker: () => true, redis: () => Promise.reject(new Error('connection refused')), database: () => Promise.resolve(false) };
  expect((await scrape(checks)).sort()).toEqual(['latchkey_ready{part="broker"} 1', 'latchkey_ready{part="database"} 0', 'latchkey_ready{part="redis"} 0']);
});

it('a part that hangs is away, and the others are told all the same', async () => {
  const lines = await scrape({ broker: () => true, database: () => new Promise<boolean>(() => undefined) });
  expect(lines.sort()).toEqual(['latchkey_ready{part="broker"} 1', 'latchkey_ready{part="database"} 0']);
});
