import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { joinSharedStack } from '../checks/shared-stack.ts';
import { reportFailure, SetupFailure } from '../failure.ts';
import { rootDirectory } from '../paths.ts';
import { runCommand } from '../run-command.ts';
import { databaseOwners, type DatabaseOwner } from '../stack/databases.ts';
import { withClient } from './database.ts';
import { keepStatements, type Recorded } from './recorded-statements.ts';

// node tools/recovery/record-statements.ts: at a release, keeps what its services ask the database, as the integration tests
// have them ask it.

const applications: Record<string, { owner: DatabaseOwner; sources: string[] }> = {
  'latchkey-auth': { owner: 'auth', sources: ['services/auth/src', 'libs/messaging/src'] },
  'latchkey-code-issuance': { owner: 'codes', sources: ['services/code-issuance/src'] },
  'latchkey-delivery': { owner: 'delivery', sources: ['services/delivery/src'] },
  'latchkey-device-trust': { owner: 'devices', sources: ['services/device-trust/src', 'libs/messaging/src'] },
};
const mark = '~latchkey~';

async function record(): Promise<void> {
  const release = (JSON.parse(readFileSync(join(rootDirectory, 'package.json'), 'utf8')) as { version: string }).version;
  const { instance, stack, leave } = await joinSharedStack('test-integration');
  try {
    await withClient(stack.postgres.url, async (admin) => {
      for (const [name, value] of [['log_statement', 'all'], ['log_line_prefix', `${mark}%a~`]]) await admin.query(`ALTER SYSTEM SET ${name} = '${value}'`);
      await admin.query('SELECT pg_reload_conf()');
    });
    const { code, output } = await runCommand(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--project', 'integration', 'services/', 'libs/']);
    if (code !== 0) throw new SetupFailure(`The integration tests failed, so the record is not whole:\n${output.slice(-3_000)}`);
    const recorded = readLog(instance.logFile('postgres'));
    keepStatements(release, recorded);
    console.log(databaseOwners.map((owner) => `${owner}: ${recorded[owner].length} statements`).join('\n'));
  } finally {
    await leave();
  }
}

/** Each statement once. Continued lines of the log begin with a tab. */
function readLog(path: string): Recorded {
  const file = openSync(path, 'r');
  const recorded = Object.fromEntries(databaseOwners.map((owner) => [owner, new Map<string, string>()])) as Record<DatabaseOwner, Map<string, string>>;
  const sources = Object.fromEntries(Object.entries(applications).map(([name, { sources: folders }]) => [name, folders.map(textOf).join(' ')]));
  for (const entry of readFileSync(file, 'utf8').split(`\n${mark}`)) {
    const [, application = '', statement = ''] = /^([^~]*)~LOG: {2}(?:execute [^:]*|statement): ([\s\S]*)$/.exec(entry) ?? [];
    const known = applications[application];
    if (!known || !/^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b/i.test(statement)) continue;
    const whole = statement.replaceAll('\n\t', '\n').trim();
    const key = singleSpaced(whole);
    // Tests ask through the same connections: a statement counts that a service's own source begins.
    if (sources[application]?.includes(key.slice(0, 40).split(/\$\d/)[0] ?? '')) recorded[known.owner].set(key, dedented(whole));
  }
  closeSync(file);
  return Object.fromEntries(databaseOwners.map((owner) => [owner, [...recorded[owner]].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, text]) => text)])) as Recorded;
}

const singleSpaced = (text: string) => text.replace(/\s+/g, ' ').trim();

function textOf(folder: string): string {
  const files = readdirSync(join(rootDirectory, folder), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts') && !/\.test\.ts$|(^|\/)testing\//.test(file));
  return files.map((file) => singleSpaced(readFileSync(join(rootDirectory, folder, file), 'utf8'))).join(' ');
}

function dedented(text: string): string {
  const indents = text.split('\n').slice(1).filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  const least = indents.length > 0 ? Math.min(...indents) : 0;
  return text.split('\n').map((line, index) => (index === 0 ? line : line.slice(least)).trimEnd()).join('\n');
}

try {
  await record();
} catch (error) {
  reportFailure(error);
}
