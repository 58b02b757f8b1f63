import { setTimeout as wait } from 'node:timers/promises';
import type { RunningSystem } from '@latchkey/tools';
import { pidOf, treeProcessorSeconds } from '../processes.ts';
import type { Driver } from './start-driver.ts';
import type { Peer } from './peer.ts';
import type { Side } from './plan.ts';

/** Seconds of processor time, by process. */
type Seconds = Record<string, number>;
export type ProcessorTime = { /** Milliseconds a flow, without what the processes take at rest. */ perFlow(side: Side, seconds: Seconds, ms: number, flows: number): Record<string, number>; resting: Record<string, number>; read(): Seconds };

/** Who takes how much of the processors, from the kernel's own count. */
export async function processorTime(system: RunningSystem, peer: Peer, driver: Driver): Promise<ProcessorTime> {
  const services = Object.values(system.services).filter(({ pid, name }) => pid !== undefined && name !== 'inbox');
  const ofLatchkey = services.map(({ name }) => name as string);
  const read = (): Seconds => ({
    ...Object.fromEntries(services.map(({ name, pid }) => [name, treeProcessorSeconds([pid ?? 0])])),
    'Better Auth': treeProcessorSeconds([peer.pid]),
    RabbitMQ: treeProcessorSeconds([pidOf(system, 'rabbitmq'), pidOf(system, 'epmd')]),
    Redis: treeProcessorSeconds([pidOf(system, 'redis')]),
    PostgreSQL: treeProcessorSeconds([pidOf(system, 'postgres')]),
    driver: treeProcessorSeconds([driver.pid]),
  });
  const restMs = 10_000;
  const before = read();
  await wait(restMs);
  const after = read();
  /** Milliseconds of processor time in each second. */
  const resting = Object.fromEntries(Object.entries(after).map(([name, seconds]) => [name, Math.round(((seconds - (before[name] ?? 0)) * 1e6) / restMs) ]));
  const partsOf = { latchkey: [...ofLatchkey, 'RabbitMQ', 'Redis', 'PostgreSQL'], peer: ['Better Auth', 'Redis', 'PostgreSQL'] };
  return {
    read,
    resting,
    perFlow(side, seconds, ms, flows) {
      const each = (name: string) => Math.max(0, ((seconds[name] ?? 0) * 1000 - ((resting[name] ?? 0) * ms) / 1000) / flows);
      const parts = partsOf[side].map((name): [string, number] => [name, each(name)]);
      const total = parts.reduce((sum, [, value]) => sum + value, 0);
      return Object.fromEntries([...parts, ['all servers', total] as [string, number], ['driver', each('driver')] as [string, number]].map(([name, value]) => [name, Math.round(value * 100) / 100]));
    },
  };
}
