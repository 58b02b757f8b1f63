import { createServer, type AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { isPortFree, PortPicker, requirePort } from './ports.ts';

const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function occupy(host: string): Promise<number> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return (server.address() as AddressInfo).port;
}

test.each(['127.0.0.1', '0.0.0.0', '::'])('a port that somebody listens on at %s is not free', async (host) => {
  expect(await isPortFree(await occupy(host))).toBe(false);
});

test('a taken port is refused with its number and the variable that moves it', async () => {
  const port = await occupy('127.0.0.1');
  await expect(requirePort(port, 'LATCHKEY_HTTP_PORT')).rejects.toThrow(new RegExp(`${port}.*LATCHKEY_HTTP_PORT`));
});

test('a free port is accepted, again and again', async () => {
  const port = await new PortPicker().pick();
  for (let tries = 0; tries < 5; tries += 1) await requirePort(port, 'LATCHKEY_HTTP_PORT');
});

test('the preferred port is given when free, another one when taken, and none twice', async () => {
  const picker = new PortPicker();
  const taken = await occupy('127.0.0.1');
  const instead = await picker.pick(taken);
  expect(instead).not.toBe(taken);
  const free = await new PortPicker().pick();
  expect(await picker.pick(free)).toBe(free);
  expect(await picker.pick(free)).not.toBe(free);
});

test('ports come from below the range of outgoing connections', async () => {
  expect(await new PortPicker().pick()).toBeLessThan(32_768);
});
