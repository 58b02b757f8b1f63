import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'rolldown';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { codeText } from './code-message.ts';

let folder = '';
let bundle = '';
beforeAll(async () => {
  const { default: config } = await import(new URL('../../../../rolldown.config.mjs', import.meta.url).href);
  folder = await mkdtemp(join(tmpdir(), 'templates-'));
  bundle = join(folder, 'main.mjs');
  const input = fileURLToPath(new URL('./code-message.ts', import.meta.url));
  await build({ ...config, input, tsconfig: false, logLevel: 'silent', output: { ...config.output, dir: undefined, cleanDir: false, sourcemap: false, file: bundle } });
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const wording = { purpose: 'login', locale: 'es', branding: { name: 'Demo Security', host: 'localhost' } } as const;
const run = (file: string) =>
  promisify(execFile)(process.execPath, ['--input-type=module', '-e', `import { codeText } from ${JSON.stringify(file)}; console.log(codeText(${JSON.stringify(wording)}, '012345'))`], { cwd: folder });

it('the bundle holds every template: it speaks with no file beside it', async () => {
  expect((await run(bundle)).stdout.trim()).toBe(codeText(wording, '012345'));
});

it('a process with wrong templates ends at its start and says what is wrong', async () => {
  const broken = join(folder, 'broken.mjs');
  const source = await readFile(bundle, 'utf8');
  expect(source).toContain('{code} es su clave de {brand}.');
  await writeFile(broken, source.replace('{code} es su clave de {brand}.', '{code} es su clave de {marca}.'));
  const failed = await run(broken).then(() => undefined, (error: { code: number; stderr: string }) => error);
  expect(failed?.code).toBe(1);
  expect(failed?.stderr).toContain('es.json: codes.login.sms uses {marca}, which it is not given');
  expect(failed?.stderr).toContain('es.json: codes.login.sms does not use {brand}');
});
