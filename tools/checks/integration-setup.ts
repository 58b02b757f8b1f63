import type { TestProject } from 'vitest/node';
import { joinSharedStack } from './shared-stack.ts';
import { stackAccess } from './stack-access.ts';

/** Gives the integration tests a broker, a cache and a database of their own, apart from a running system. */
export default async function provideStack(project: TestProject): Promise<() => Promise<void>> {
  const { instance, stack, leave } = await joinSharedStack('test-integration');
  project.provide('latchkeyStack', stackAccess(instance, stack));
  return leave;
}
