import type { TestProject } from 'vitest/node';
import { startSystem } from '../system/start-system.ts';
import { stackAccess } from './stack-access.ts';

/** Starts a whole system on free ports for tests, on its own servers unless `env` names others, and throws it away after them. */
export async function provideSystem(project: TestProject, instance: string, env: Record<string, string> = {}): Promise<() => Promise<void>> {
  const system = await startSystem({ instance, ports: 'free', quiet: true, throwAway: true, env });
  project.provide('latchkeySystem', {
    instance,
    baseUrl: system.baseUrl,
    inboxUrl: system.inboxUrl,
    internalPorts: system.internalPorts,
    logPaths: Object.fromEntries(Object.values(system.services).map((service) => [service.name, service.logPath])),
    ...stackAccess(system.instance, system.stack, env['LATCHKEY_AMQP_MANAGEMENT_URL']),
  });
  return () => system.stop();
}
