import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checksOf, requireKeys } from './key-checks.ts';
import { definitionsFile, dumpFile, type Manifest, readManifest, writeManifest } from './manifest.ts';

const newKey = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;
const [first, second] = [newKey('k1'), newKey('k2')];
let folder: string;
let manifest: Manifest;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-manifest-'));
  writeFileSync(join(folder, dumpFile), 'the dump');
  writeFileSync(join(folder, definitionsFile), '{}');
  manifest = await writeManifest(folder, {
    product: { name: 'latchkey', version: '0.1.0' },
    startedAt: '2026-01-02T03:04:05.000Z',
    madeAt: '2026-01-02T03:04:06.000Z',
    postgres: { server: '15', program: 'pg_dump 15', migrations: { auth: [], codes: [], delivery: [], devices: [] }, rows: { 'auth.logins': 4 } },
    broker: { definitionsOf: 'broker' },
    sealingKeys: checksOf(`${first},${second}`),
  });
});
afterEach(() => rmSync(folder, { recursive: true }));

it('a backup that is whole is read as it was written', async () => {
  expect(await readManifest(folder)).toEqual(manifest);
});

it.each([dumpFile, definitionsFile])('a damaged %s is not restored', async (name) => {
  appendFileSync(join(folder, name), 'x');
  await expect(readManifest(folder)).rejects.toThrow('checksum differs');
  rmSync(join(folder, name));
  await expect(readManifest(folder)).rejects.toThrow(`${name} is missing`);
});

it('a byte that changed under the same length is found', async () => {
  writeFileSync(join(folder, dumpFile), 'the dumb');
  await expect(readManifest(folder)).rejects.toThrow('checksum differs');
});

it('a backup that was broken off, and one of a later format, are not restored', async () => {
  const path = join(folder, 'manifest.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace('"format": 1', '"format": 2'));
  await expect(readManifest(folder)).rejects.toThrow('is not a manifest that this version understands');
  rmSync(path);
  await expect(readManifest(folder)).rejects.toThrow('broken off');
});

it('keys are known again whatever their order, and nothing of them is in the manifest', () => {
  expect(() => requireKeys(manifest, `${second},${first},${newKey('k3')}`)).not.toThrow();
  const text = readFileSync(join(folder, 'manifest.json'), 'utf8');
  for (const key of [first, second]) expect(text).not.toContain(key.split(':')[1]);
});

it('a missing key, or another one by its name, is told', () => {
  expect(() => requireKeys(manifest, first)).toThrow('are missing: k2.');
  expect(() => requireKeys(manifest, `${first},${newKey('k2')}`)).toThrow('k2 (another key has that name)');
});
