import { defineConfig } from 'vitest/config';

const sources = ['libs/*/src/**', 'services/*/src/**', 'tools/**'];
const pathsOf = (ending: string) => sources.map((folder) => `${folder}/*.${ending}.{ts,tsx}`);

export default defineConfig({
  test: {
    exclude: ['**/node_modules/**', '**/dist/**'],
    // Our packages are their TypeScript sources.
    server: { deps: { inline: [/@latchkey\//] } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: pathsOf('test'),
          exclude: ['**/node_modules/**', '**/dist/**', '**/*.integration.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: pathsOf('integration.test'),
          globalSetup: 'tools/checks/integration-setup.ts',
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['e2e/**/*.e2e.test.ts'],
          globalSetup: 'tools/checks/e2e-setup.ts',
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'faults',
          include: ['e2e/**/*.faults.test.ts'],
          globalSetup: 'tools/checks/faults-setup.ts',
          // One fault at a time.
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          // Not in npm test: npm run cluster.
          name: 'cluster',
          include: ['e2e/cluster/*.cluster.test.ts', 'libs/messaging/src/*.integration.test.ts'],
          globalSetup: 'tools/checks/cluster-setup.ts',
          fileParallelism: false,
          testTimeout: 240_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
