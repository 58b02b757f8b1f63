import type { TestProject } from 'vitest/node';
import { provideSystem } from './provide-system.ts';

export default (project: TestProject) => provideSystem(project, 'test-faults');
