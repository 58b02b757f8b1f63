import { existsSync } from 'node:fs';
import { SetupFailure } from '../failure.ts';
import { silentProgress } from '../progress.ts';
import { requireKeys } from '../recovery/key-checks.ts';
import { type Manifest, readManifest } from '../recovery/manifest.ts';
import { brokerOf, givenKeys, namedBroker } from '../recovery/recovery-settings.ts';
import { restore } from '../recovery/restore.ts';
import { Instance } from '../stack/instance.ts';
import { claimMark, forgetMark } from '../stack/processes.ts';
import { bringUpStack, takeDownStack } from '../stack/stack.ts';
import { readSettings } from '../system/settings.ts';
import { readFolder } from './read-folder.ts';
import { instanceName } from './settings.ts';

const usage = '<folder> [--keys-from <file>]';

/** Brings a backup into an empty system: into servers that the environment names, else into this checkout's own. */
export async function restoreCommand(args: string[]): Promise<number> {
  const { folder, options } = readFolder('restore', usage, args, { 'keys-from': { type: 'string' } });
  if (folder === undefined) return 0;
  if (!existsSync(folder)) throw new SetupFailure(`${folder} does not exist.`);
  const keys = givenKeys(options['keys-from'] as string | undefined);
  const manifest = await readManifest(folder);
  if (process.env['LATCHKEY_POSTGRES_URL']) await intoServers(folder, manifest, keys, process.env['LATCHKEY_POSTGRES_URL']);
  else await intoCheckout(folder, manifest, keys);
  const rows = Object.values(manifest.postgres.rows).reduce((sum, count) => sum + count, 0);
  console.log(`Restored as of ${manifest.madeAt}: ${rows} rows, each table counted. Everybody logs in again.`);
  return 0;
}

async function intoServers(folder: string, manifest: Manifest, keys: string | undefined, postgresUrl: string): Promise<void> {
  if (!keys) throw new SetupFailure('The sealing keys of the backup are missing: --keys-from <file>, or LATCHKEY_SEALING_KEYS.');
  requireKeys(manifest, keys);
  const broker = namedBroker(process.env);
  await restore({ postgresUrl, redisUrl: process.env['LATCHKEY_REDIS_URL'], broker }, folder, manifest);
  if (!broker) console.log('LATCHKEY_AMQP_MANAGEMENT_URL is not set: the services set the broker up when they connect.');
}

/** For the next npm start, which finds data and keys; what runs for it now is stopped again. */
async function intoCheckout(folder: string, manifest: Manifest, keys: string | undefined): Promise<void> {
  const instance = Instance.openOrCreate(instanceName());
  const supervisor = instance.pidFile('supervisor');
  const other = claimMark(supervisor);
  if (other) throw new SetupFailure(`The system of this checkout runs (process ${other.pid}), so it is not empty. Nothing was changed.`);
  try {
    const sealingKeys = keys ?? instance.state.secrets.sealingKey;
    requireKeys(manifest, sealingKeys);
    const stack = await bringUpStack(instance, silentProgress, readSettings(process.env).stack);
    try {
      await restore({ postgresUrl: stack.postgres.url, redisUrl: stack.redis.url, broker: brokerOf(instance, stack, process.env) }, folder, manifest);
      instance.state.secrets.sealingKey = sealingKeys;
      instance.save();
    } finally {
      await takeDownStack(instance);
    }
  } finally {
    forgetMark(supervisor);
  }
}
