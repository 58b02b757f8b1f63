import { seedDemo } from '../demo/seed-demo.ts';
import type { Command } from './command.ts';
import { createOperator, createStaff } from './create-login.ts';
import { createProvider } from './create-provider.ts';
import { importFile } from './import-file.ts';
import { timeline } from './timeline.ts';
import { unlock } from './unlock.ts';

/** Every command of this service, by its name. */
export const commands: Record<string, Command> = {
  'create-provider': createProvider,
  'create-staff': createStaff,
  'create-operator': createOperator,
  import: importFile,
  unlock,
  timeline,
  migrate: {
    usage: '',
    summary: 'Brings the tables up to date.',
    async run({ database, logger }) {
      await database.runMigrations({ transaction: 'all' });
      logger.info({ command: 'migrate' }, 'done');
    },
  },
  'seed-demo': {
    usage: '',
    summary: 'Adds the demo data.',
    async run({ database, sealing, logger }) {
      await seedDemo(database, sealing);
      logger.info({ command: 'seed-demo' }, 'done');
    },
  },
};
