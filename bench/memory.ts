import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { versionsOf, withSystem, writeResult } from './harness.ts';
import { pidOf, withDescendants } from './processes.ts';

const idleSeconds = 30;

type Memory = { process: string; processes: number; residentMB: number; proportionalMB: number };

/**
 * Memory of every part at rest. Resident counts what is shared (the Node program, Postgres' buffers) once for each process
 * that maps it; proportional (PSS) divides it among them, so that only those sums are what the machine has to have.
 */
export async function benchMemory(): Promise<void> {
  await withSystem('memory', async (system) => {
    await wait(idleSeconds * 1_000);
    const services = Object.values(system.services).map(({ name, pid }) => memoryOf(name, pid === undefined ? [] : [pid]));
    const backing = [
      memoryOf('RabbitMQ', [pidOf(system, 'rabbitmq'), pidOf(system, 'epmd')]),
      memoryOf('Redis', [pidOf(system, 'redis')]),
      memoryOf('PostgreSQL', [pidOf(system, 'postgres')]),
    ];
    const rows = [...services, total('all services', services), ...backing, total('everything', [...services, ...backing])];
    console.log(`At rest, ${idleSeconds} s after all were ready, nobody logged in yet:`);
    console.table(rows);
    writeResult('memory', await versionsOf(system), { idleSeconds, rows });
  });
}

/** Of the processes and all that they started: Postgres has one for each connection. */
function memoryOf(process: string, roots: number[]): Memory {
  const sums = withDescendants(roots).map(rollup);
  const megabytes = (field: 'Rss' | 'Pss') => Math.round(sums.reduce((sum, kilobytes) => sum + kilobytes[field], 0) / 1024);
  return { process, processes: sums.length, residentMB: megabytes('Rss'), proportionalMB: megabytes('Pss') };
}

function total(process: string, rows: Memory[]): Memory {
  const sum = (field: 'processes' | 'residentMB' | 'proportionalMB') => rows.reduce((all, row) => all + row[field], 0);
  return { process, processes: sum('processes'), residentMB: sum('residentMB'), proportionalMB: sum('proportionalMB') };
}

/** In kB. */
export function rollup(pid: number): Record<'Rss' | 'Pss', number> {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const kilobytes = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1]);
  return { Rss: kilobytes('Rss'), Pss: kilobytes('Pss') };
}
