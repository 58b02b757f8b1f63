import 'reflect-metadata';
import { readConfig, runProcess } from '@latchkey/platform';
import { deliverySettings } from './config.ts';
import { deliveryDatabase, startService } from './start-service.ts';

runProcess(async () => {
  const settings = readConfig(deliverySettings);
  const command = process.argv[2];
  if (command === undefined) return startService(settings);
  if (command !== 'migrate') throw new Error(`unknown command ${command}; there is: migrate`);
  const database = await deliveryDatabase(settings.LATCHKEY_DATABASE_URL).initialize();
  await database.runMigrations({ transaction: 'all' });
  await database.destroy();
  process.exit(0);
});
