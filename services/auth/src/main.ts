import 'reflect-metadata';
import { readConfig, runProcess, SealingKeys } from '@latchkey/platform';
import type { DataSource } from 'typeorm';
import { authSettings } from './config.ts';
import { authDatabase } from './database.ts';
import { seedDemo } from './demo/seed-demo.ts';
import { authLogger, startService } from './start-service.ts';

/** Work on the database that ends by itself. */
const commands: Record<string, (database: DataSource, sealing: SealingKeys) => Promise<unknown>> = {
  migrate: (database) => database.runMigrations({ transaction: 'all' }),
  'seed-demo': seedDemo,
};

runProcess(async () => {
  const settings = readConfig(authSettings);
  const command = process.argv[2];
  if (command === undefined) return startService(settings);
  const run = commands[command];
  if (!run) throw new Error(`unknown command ${command}; there are: ${Object.keys(commands).join(', ')}`);
  const database = await authDatabase(settings.LATCHKEY_DATABASE_URL).initialize();
  await run(database, new SealingKeys(settings.LATCHKEY_SEALING_KEYS));
  await database.destroy();
  authLogger(settings).info({ command }, 'done');
  process.exit(0);
});
