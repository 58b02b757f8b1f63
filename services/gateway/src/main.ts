import 'reflect-metadata';
import { join } from 'node:path';
import { readConfig, runProcess } from '@latchkey/platform';
import { gatewaySettings } from './config.ts';
import { startGateway } from './start-gateway.ts';

runProcess(() => {
  const settings = readConfig(gatewaySettings);
  return startGateway(settings, settings.LATCHKEY_WEB_ROOT ?? join(import.meta.dirname, '../../web/dist'));
});
