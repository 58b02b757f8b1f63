import 'reflect-metadata';
import { readConfig, runProcess } from '@latchkey/platform';
import { runCommand } from './admin/run-command.ts';
import { authSettings } from './config.ts';
import { startService } from './start-service.ts';

// Without arguments this is the service; with them, one command that ends by itself.
const [command, ...args] = process.argv.slice(2);
if (command === undefined) runProcess(() => startService(readConfig(authSettings)));
else process.exit(await runCommand(command, args));
