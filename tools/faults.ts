import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { provideTestPackages } from './checks/test-packages.ts';
import { rootDirectory } from './paths.ts';
import { terminalProgress } from './progress.ts';
import { clearLeftBehind } from './system/start-system.ts';

// npm run faults: the fault tests in their long form, with the tables of what each fault came to.
await provideTestPackages(terminalProgress());
const vitest = spawn(join(rootDirectory, 'node_modules/.bin/vitest'), ['run', '--project', 'faults', ...process.argv.slice(2)], {
  cwd: rootDirectory,
  stdio: 'inherit',
  env: { ...process.env, LATCHKEY_FAULT_OUTAGE_MS: '30000' },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => vitest.kill(signal));
vitest.on('exit', (code) => {
  void clearLeftBehind('test-faults').finally(() => process.exit(code ?? 1));
});
