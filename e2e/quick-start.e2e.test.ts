import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { system } from './demo.ts';

const run = promisify(execFile);
const root = dirname(import.meta.dirname);
const page = readFileSync(join(root, 'docs/quick-start.md'), 'utf8');
const blocks = [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', code = '']) => ({ language, code }));

/** All blocks of a language one after the other, as a reader would paste them, with the addresses of this system. */
const pasted = (language: string) =>
  blocks
    .filter((block) => block.language === language)
    .map(({ code }) => code)
    .join('\n')
    .replaceAll('http://localhost:8080', system().baseUrl)
    .replaceAll('http://localhost:8025', system().inboxUrl);

// Below the checkout, where Node finds the client; git does not look here.
const scratch = join(root, '.latchkey');
let folder: string;
beforeAll(() => {
  mkdirSync(scratch, { recursive: true });
  folder = mkdtempSync(join(scratch, 'quick-start-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}` };

it('the lines of curl log in with a code, and the second time without', async () => {
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', pasted('sh')], { cwd: folder, env, timeout: 40_000 });
  expect(stdout).toMatch(/^event: delivery\ndata: .*"state":"accepted"/m);
  expect(stdout).toContain('"assurance":"pwd+sms"');
  expect(stdout).toMatch(/"status":"signed_in".*"assurance":"pwd\+trusted_device"/);
});

it('the lines of Node do the same through the typed client', async () => {
  const script = join(folder, 'quick-start.mjs');
  writeFileSync(script, pasted('js'));
  const { stdout } = await run(process.execPath, [script], { cwd: folder, env, timeout: 40_000 });
  const lines = stdout.trim().split('\n');
  expect(lines[0]).toMatch(/^code_required \[ 'sms /);
  expect(lines).toContain('accepted');
  expect(lines.slice(-3)).toEqual(['pwd+sms', 'signed_in pwd+trusted_device', '401 wrong_password']);
});

it('every block is of a language that is run here, or of a phone', () => {
  expect([...new Set(blocks.map(({ language }) => language))].sort()).toEqual(['js', 'kotlin', 'sh', 'swift']);
});
