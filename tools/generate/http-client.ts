import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { privateDirectory, rootDirectory } from '../paths.ts';

const run = (script: string, args: string[], cwd = rootDirectory) =>
  execFileSync(process.execPath, [resolve(rootDirectory, script), ...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1' } });

let made: { openApi: string; schema: string } | undefined;

/** The OpenAPI document of the gateway, and TypeScript's view of it. Built once a process: that takes some seconds. */
export function httpClientFiles(): { openApi: string; schema: string } {
  return (made ??= makeFiles());
}

/** The gateway has decorators, which Node doesn't run as they are: it is bundled as for a release, and asked. */
function makeFiles(): { openApi: string; schema: string } {
  mkdirSync(privateDirectory, { recursive: true });
  const folder = mkdtempSync(join(privateDirectory, 'openapi-'));
  try {
    const bundle = join(folder, 'bundle');
    run('node_modules/rolldown/bin/cli.mjs', ['-c', '../../rolldown.config.mjs', '--input', 'src/print-openapi.ts', '--dir', bundle], join(rootDirectory, 'services/gateway'));
    const openApi = execFileSync(process.execPath, [join(bundle, 'print-openapi.js')], { encoding: 'utf8' });
    const document = join(folder, 'openapi.json');
    writeFileSync(document, openApi);
    const types = run(typesGenerator(), [document, '--default-non-nullable', 'false', '--alphabetize']);
    return { openApi, schema: types };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Wherever npm put it: it wants another TypeScript than ours, so it may lie below the client. */
function typesGenerator(): string {
  const packageFile = findPackageJSON('openapi-typescript', pathToFileURL(join(rootDirectory, 'libs/client/package.json')));
  if (packageFile === undefined) throw new Error('openapi-typescript is not installed');
  return join(dirname(packageFile), 'bin/cli.js');
}
