import { writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { backUp } from '../recovery/backup.ts';
import { backupSource } from '../recovery/recovery-settings.ts';
import { readFolder } from './read-folder.ts';
import { WrongUsage } from './wrong-usage.ts';

const usage = '<folder> [--keys-to <file>]';

/** Writes what lasts of a running system into a folder; the sealing keys only where asked, and never beside it. */
export async function backupCommand(args: string[]): Promise<number> {
  const { folder, options } = readFolder('backup', usage, args, { 'keys-to': { type: 'string' } });
  if (folder === undefined) return 0;
  const keysTo = options['keys-to'] as string | undefined;
  if (keysTo !== undefined && !relative(folder, resolve(keysTo)).startsWith('..')) throw new WrongUsage('--keys-to must not lie in the folder of the backup: whoever gets that would have everything.');
  const source = backupSource();
  // First, so that no backup is without its keys because of them; a file that is there stays as it is.
  if (keysTo !== undefined) writeFileSync(keysTo, `${source.sealingKeys}\n`, { mode: 0o600, flag: 'wx' });
  const { madeAt, postgres, broker, sealingKeys } = await backUp(source, folder);
  const rows = Object.values(postgres.rows).reduce((sum, count) => sum + count, 0);
  console.log(`${folder}: ${rows} rows of ${Object.keys(postgres.rows).length} tables, broker definitions of the ${broker.definitionsOf}, as of ${madeAt}`);
  const ids = sealingKeys.map(({ id }) => id).join(', ');
  console.log(keysTo === undefined ? `The sealing keys (${ids}) are not in it. It is worth nothing without them: keep them elsewhere.` : `The sealing keys (${ids}) are in ${keysTo}: keep them apart from the backup.`);
  return 0;
}
