import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { joinSharedStack } from '../checks/shared-stack.ts';
import { reportFailure, SetupFailure } from '../failure.ts';
import { rootDirectory } from '../paths.ts';
import { runCommand } from '../run-command.ts';
import { databaseOwners } from '../stack/databases.ts';
import { withClient } from './database.ts';
import { keepStatements } from './recorded-statements.ts';
import { folders, logMark, readStatements } from './statement-log.ts';

// node tools/recovery/record-statements.ts: at a release, keeps what its services ask the database, as the integration tests
// have them ask it.

async function record(): Promise<void> {
  const release = (JSON.parse(readFileSync(join(rootDirectory, 'package.json'), 'utf8')) as { version: string }).version;
  const { instance, stack, leave } = await joinSharedStack('test-integration');
  try {
    await withClient(stack.postgres.url, async (admin) => {
      for (const [name, value] of [['log_statement', 'all'], ['log_line_prefix', `${logMark}%a~`]]) await admin.query(`ALTER SYSTEM SET ${name} = '${value}'`);
      await admin.query('SELECT pg_reload_conf()');
    });
    // Again where a limit of time was missed on a busy machine: what counts here is that every path was gone to its end.
    const tested = Object.values(folders).map((folder) => `${folder}/`);
    const { code, output } = await runCommand(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--project', 'integration', '--retry=2', ...tested]);
    if (code !== 0) throw new SetupFailure(`The integration tests failed, so the record is not whole:\n${output.slice(-3_000)}`);
    const recorded = readStatements(readFileSync(instance.logFile('postgres'), 'utf8'));
    keepStatements(release, recorded);
    console.log(databaseOwners.map((owner) => `${owner}: ${recorded[owner].length} statements`).join('\n'));
  } finally {
    await leave();
  }
}

try {
  await record();
} catch (error) {
  reportFailure(error);
}
