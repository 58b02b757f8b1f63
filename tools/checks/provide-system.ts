import type { TestProject } from 'vitest/node';
import { startSystem } from '../system/start-system.ts';
import { stackAccess } from './stack-access.ts';

interface Surroundings {
  /** Where it names servers, these take the place of its own. */
  env: Record<string, string>;
  /** Of each node of the broker that `env` names. */
  brokerMetricsPorts?: readonly number[];
}

/** Starts a whole system on free ports for tests, and throws it away after them. */
export async function provideSystem(project: TestProject, instance: string, { env, brokerMetricsPorts }: Surroundings): Promise<() => Promise<void>> {
  const system = await startSystem({ instance, ports: 'free', quiet: true, throwAway: true, env });
  project.provide('latchkeySystem', {
    instance,
    baseUrl: system.baseUrl,
    inboxUrl: system.inboxUrl,
    internalPorts: system.internalPorts,
    brokerMetricsPorts: brokerMetricsPorts ?? [system.instance.port('rabbitmqMetrics')],
    logPaths: Object.fromEntries(Object.values(system.services).map((service) => [service.name, service.logPath])),
    ...stackAccess(system.instance, system.stack, env['LATCHKEY_AMQP_MANAGEMENT_URL']),
  });
  return () => system.stop();
}
