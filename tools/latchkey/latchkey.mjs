#!/usr/bin/env node
// `npx latchkey <command>`: runs on any Node from 20.19 and hands over to main.ts on the Node that package-lock.json pins.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));
const pinnedNode = join(folder, '../../node_modules/node/bin/node');
if (!existsSync(pinnedNode)) {
  console.error('The dependencies are not installed yet: run npm ci, or npm start once.');
  process.exit(1);
}
const child = spawn(pinnedNode, ['--disable-warning=ExperimentalWarning', join(folder, 'main.ts'), ...process.argv.slice(2)], { stdio: 'inherit' });
// The terminal's signals reach the child directly; others are passed on.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => signal !== 'SIGINT' && child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : (code ?? 1)));
