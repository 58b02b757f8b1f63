import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@latchkey/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isAlive, readLiveMark, type ProcessMark } from '../stack/processes.ts';
import { Supervisor } from './supervisor.ts';

let folder: string;
let said: string[];
let supervisor: Supervisor | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'supervisor-'));
  said = [];
});
afterEach(async () => {
  await supervisor?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function supervise(script: string): Supervisor {
  writeFileSync(join(folder, 'child.mjs'), script);
  supervisor = new Supervisor(
    {
      name: 'child',
      command: process.execPath,
      args: [join(folder, 'child.mjs')],
      directory: folder,
      environment: { PATH: '/usr/bin:/bin' },
      logFile: join(folder, 'child.log'),
      pidFile: join(folder, 'child.pid'),
      holdFile: join(folder, 'child.hold'),
    },
    (text) => said.push(text),
    { firstWaitMs: 20, longestWaitMs: 80, stopWithinMs: 300 },
  );
  supervisor.start();
  return supervisor;
}

const runningChild = (except?: ProcessMark) =>
  eventually(() => {
    const mark = readLiveMark(join(folder, 'child.pid'));
    return mark && mark.pid !== except?.pid ? mark : undefined;
  });

test('a killed process is shown and started again', async () => {
  supervise('setInterval(() => {}, 1000);');
  const first = await runningChild();
  process.kill(first.pid, 'SIGKILL');
  await runningChild(first);
  expect(said.join('\n')).toContain('[child] ended unexpectedly (signal SIGKILL)');
});

test('a process that keeps ending is started again after growing waits, with its last words shown', async () => {
  supervise(`console.error('cannot read the configuration'); process.exit(3);`);
  await eventually(() => said.filter((line) => line.includes('exit code 3')).length >= 4);
  const waits = said.flatMap((line) => /again in ([\d.]+) s/.exec(line)?.[1] ?? []).map(Number);
  expect(waits.slice(0, 4)).toEqual([0.02, 0.04, 0.08, 0.08]);
  expect(said.join('\n')).toContain('cannot read the configuration');
});

test('a held process stays down until it is released', async () => {
  supervise('setInterval(() => {}, 1000);');
  const first = await runningChild();
  writeFileSync(join(folder, 'child.hold'), '');
  process.kill(first.pid, 'SIGKILL');
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(readLiveMark(join(folder, 'child.pid'))).toBeUndefined();
  rmSync(join(folder, 'child.hold'));
  await runningChild(first);
});

test('a process that ignores SIGTERM is killed after its grace, and not started again', async () => {
  const stubborn = supervise(`process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('up');`);
  const mark = await runningChild();
  await eventually(() => readFileSync(join(folder, 'child.log'), 'utf8').includes('up'));
  await stubborn.stop();
  expect(isAlive(mark)).toBe(false);
  expect(readLiveMark(join(folder, 'child.pid'))).toBeUndefined();
});

test('of what a process logs, warnings and stack traces are shown and the rest is not', async () => {
  const line = (level: number, msg: string) => JSON.stringify(JSON.stringify({ level, msg }));
  const watched = supervise(`console.log(${line(30, 'usual')}); console.log(${line(40, 'broker lost')}); console.log('TypeError: x'); setInterval(() => {}, 1000);`);
  await eventually(() => {
    watched.pollLog();
    return said.length >= 2;
  });
  expect(said).toEqual(['[child] broker lost', '[child] TypeError: x']);
});
