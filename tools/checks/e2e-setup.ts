import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { instanceDirectory } from '../stack/instance.ts';
import { provideSystem } from './provide-system.ts';

const name = 'test-e2e';

/** Everything is traced into a file here; the system of the fault tests runs without. */
export default (project: TestProject) => provideSystem(project, name, { LATCHKEY_TRACE_FILE: join(instanceDirectory(name), 'traces.jsonl') });
