import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '@latchkey/testing';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { buildStage } from './build-image.ts';
import { dockerfile, environmentOf, lastOf, withBase } from './dockerfile.ts';

const stages = dockerfile();
const processes: ChildProcess[] = [];
let folders: string;
const images: Record<string, string> = {};

beforeAll(async () => {
  folders = mkdtempSync(join(tmpdir(), 'latchkey-image-'));
  await buildStage(stages, 'build', folders);
  for (const target of ['latchkey', 'inbox']) images[target] = await buildStage(stages, target, folders);
  // Nothing of the build is near: what an image lacks is missed.
  rmSync(join(folders, 'build'), { recursive: true });
  for (const root of [folders, ...Object.values(images)]) makeReadOnly(root);
}, 300_000);

afterEach(() => processes.splice(0).forEach((child) => child.kill('SIGKILL')));
afterAll(() => rmSync(folders, { recursive: true, force: true }));

function makeReadOnly(path: string): void {
  const stats = statSync(path);
  if (stats.isDirectory()) readdirSync(path).forEach((name) => makeReadOnly(join(path, name)));
  chmodSync(path, stats.isDirectory() ? 0o555 : 0o444);
}


const nobody = { LATCHKEY_AMQP_URL: 'amqp://127.0.0.1:9/latchkey', LATCHKEY_REDIS_URL: 'redis://127.0.0.1:9', LATCHKEY_DATABASE_URL: 'postgres://nobody:nothing@127.0.0.1:9/latchkey' };

/** Starts a container's process: the image's files, variables, folder and user, and nothing of ours. */
async function start(target: string, command: string[]) {
  const instructions = withBase(stages, target);
  const [internal, http] = [await freePort(), await freePort()];
  const [uid = 0, gid = 0] = (lastOf(instructions, 'USER') ?? '').split(':').map(Number);
  const isRoot = process.getuid?.() === 0;
  const child = spawn(process.execPath, command, {
    cwd: join(images[target]!, lastOf(instructions, 'WORKDIR') ?? ''),
    env: {
      ...environmentOf(instructions),
      ...nobody,
      LATCHKEY_HOST: '127.0.0.1',
      LATCHKEY_SEALING_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
      LATCHKEY_INTERNAL_PORT: String(internal),
      LATCHKEY_HTTP_PORT: String(http),
      LATCHKEY_INBOX_PORT: String(http),
      AWS_ACCESS_KEY_ID: 'id',
      AWS_SECRET_ACCESS_KEY: 'key',
    },
    ...(isRoot && { uid, gid }),
  });
  processes.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const answers = async (port: number, path: string) => {
    for (const until = Date.now() + 30_000; Date.now() < until && child.exitCode === null; await wait(100)) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined);
      if (response) return { status: response.status, text: await response.text() };
    }
    throw new Error(`nothing answers:\n${output}`);
  };
  return { child, ended, output: () => output, live: () => answers(internal, '/health/live'), page: () => answers(http, '/') };
}

const commandOf = (target: string) => JSON.parse(lastOf(withBase(stages, target), 'CMD') ?? '') as string[];
const services = ['gateway', 'auth', 'code-issuance', 'delivery', 'device-trust'];

it('the image for production starts the gateway, which has the website in it', async () => {
  const gateway = await start('latchkey', commandOf('latchkey'));
  expect(await gateway.live()).toMatchObject({ status: 200, text: '{"status":"live"}' });
  expect((await gateway.page()).text).toContain('<div id="root">');
}, 60_000);

it.each(services)('%s lives from the files of the image alone, which it cannot write, and leaves on SIGTERM', async (service) => {
  const { child, ended, live, output } = await start('latchkey', [`${service}/dist/main.js`]);
  expect(await live()).toMatchObject({ status: 200 });
  expect(output()).not.toMatch(/Warning|EROFS|EACCES/);
  child.kill('SIGTERM');
  // With no database there it may not have got as far as ending in good order; in either case it ends at once.
  expect([0, null]).toContain(await ended);
}, 60_000);

it.each(services.slice(1))('%s has its migrations in the image: only the database is missing', async (service) => {
  const { ended, output } = await start('latchkey', [`${service}/dist/main.js`, 'migrate']);
  expect(await ended).toBe(1);
  expect(output()).toMatch(/ECONNREFUSED 127\.0\.0\.1:9/);
}, 60_000);

it('the inbox has its page', async () => {
  const inbox = await start('inbox', commandOf('inbox'));
  expect(await inbox.live()).toMatchObject({ status: 200 });
  expect((await inbox.page()).text).toContain('<html');
}, 60_000);
