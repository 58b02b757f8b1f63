import { freePort } from '@latchkey/testing';
import { expect, it, onTestFinished } from 'vitest';
import { startInternalServer } from './internal-server.ts';

async function served(checks: Parameters<typeof startInternalServer>[0]['checks']) {
  const port = await freePort();
  const server = await startInternalServer({ host: '127.0.0.1', port, checks });
  onTestFinished(() => server.close());
  return async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return { status: response.status, text: await response.text() };
  };
}


it('is ready when every part is there, and says which one is not', async () => {
  let database = true;
  const get = await served({ broker: () => true, database: async () => database });
  expect(await get('/health/ready')).toEqual({ status: 200, text: '{"status":"ready","checks":{"broker":true,"database":true}}' });
  database = false;
  expect(await get('/health/ready')).toEqual({ status: 503, text: '{"status":"not_ready","checks":{"broker":true,"database":false}}' });
  expect((await get('/metrics')).text).toMatch(/latchkey_ready\{part="broker"\} 1\nlatchkey_ready\{part="database"\} 0/);
  expect((await get('/health/live')).status).toBe(200);
});

it('takes a part that fails or hangs for away, and answers within three seconds', async () => {
  const get = await served({ broker: () => Promise.reject(new Error('gone')), redis: () => new Promise(() => undefined) });
  const startedAt = performance.now();
  expect(await get('/health/ready')).toEqual({ status: 503, text: '{"status":"not_ready","checks":{"broker":false,"redis":false}}' });
  expect(performance.now() - startedAt).toBeLessThan(3_000);
  expect((await get('/health/live')).status).toBe(200);
});
