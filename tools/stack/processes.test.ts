import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { claimMark, endProcess, isAlive, markProcess, readLiveMark, writeMark } from './processes.ts';

const folder = mkdtempSync(join(tmpdir(), 'processes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a pid file whose number now belongs to another process speaks of nobody', () => {
  const file = join(folder, 'reused.pid');
  writeMark(file, { pid: process.pid, startedAt: '1' });
  expect(readLiveMark(file)).toBeUndefined();
});

test('a pid file is had by one process: the second is told which', () => {
  const file = join(folder, 'claimed.pid');
  expect(claimMark(file)).toBeUndefined();
  expect(claimMark(file)).toEqual(markProcess(process.pid));
});

test('a pid file whose process was killed can be had', () => {
  const file = join(folder, 'left.pid');
  writeMark(file, { pid: process.pid, startedAt: '1' });
  expect(claimMark(file)).toBeUndefined();
  expect(readLiveMark(file)?.pid).toBe(process.pid);
});

test('a process that ended is not alive, even before its parent noticed', async () => {
  const child = spawn('sleep', ['60']);
  const mark = markProcess(child.pid ?? 0);
  expect(isAlive(mark)).toBe(true);
  await endProcess(mark, 'SIGTERM', 2_000);
  expect(isAlive(mark)).toBe(false);
});
