import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { rootDirectory } from '../paths.ts';
import { terminalProgress } from '../progress.ts';
import { buildServices } from '../system/build.ts';
import { mainFile } from '../system/services.ts';
import { environmentOf } from './settings.ts';

/** Runs a command of the auth service, which owns the logins, as the service itself would; gives its exit code. */
export async function runAuthCommand(args: string[]): Promise<number> {
  const script = join(rootDirectory, mainFile('auth'));
  const isHelp = args.includes('--help') || args.includes('-h');
  const environment = isHelp ? process.env : environmentOf('auth');
  if (!existsSync(script)) await buildServices({ ...terminalProgress(), say: console.error });
  const child = spawn(process.execPath, [script, ...args], { stdio: 'inherit', env: { LATCHKEY_LOG_LEVEL: 'warn', ...environment } });
  const passOn = (signal: NodeJS.Signals) => child.kill(signal);
  // Ctrl-C reaches the child by itself, and this process waits for how it ends.
  process.on('SIGINT', () => undefined).on('SIGTERM', passOn).on('SIGHUP', passOn);
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('exit', (code) => resolve(code ?? 1));
  });
}
