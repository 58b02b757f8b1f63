import 'reflect-metadata';
import { readConfig, runProcess } from '@latchkey/platform';
import { deviceTrustSettings } from './config.ts';
import { devicesDatabase } from './database.ts';
import { startService } from './start-service.ts';

runProcess(async () => {
  const settings = readConfig(deviceTrustSettings);
  if (process.argv[2] === 'migrate') {
    const source = await devicesDatabase(settings.LATCHKEY_DATABASE_URL).initialize();
    await source.runMigrations({ transaction: 'all' });
    await source.destroy();
    process.exit(0);
  }
  return startService(settings);
});
