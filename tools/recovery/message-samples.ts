import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { reportFailure, SetupFailure } from '../failure.ts';
import { messageSchemas } from '../generate/message-schemas.ts';
import { rootDirectory } from '../paths.ts';
import { sampleValues } from './sample-values.ts';

// node tools/recovery/message-samples.ts [name…]: keeps samples of messages that have none yet.

/** Messages of one name as the version that published it sends them. */
export type MessageSample = { type: 'event' | 'request'; name: string; version: number; payloads: unknown[] };

const folder = 'libs/contracts/samples';
const fileOf = (key: string) => `${folder}/${key}.json`;

/** Every event and request of the code, by version and name: `v1/code.issue`. */
export function samplesOfTheCode(): Map<string, MessageSample> {
  const made = new Map<string, MessageSample>();
  for (const [key, schema] of messageSchemas((service) => service)) {
    if (schema.type === 'envelope') continue;
    const [version = '', name = ''] = [key.slice(1, key.indexOf('/')), key.slice(key.indexOf('/') + 1)];
    made.set(key, { type: schema.type, name, version: Number(version), payloads: sampleValues(schema.payload) });
  }
  return made;
}

/** The samples that are kept, by version and name. */
export function keptSamples(root: string): Map<string, MessageSample> {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'));
  const keys = files.map((file) => file.slice(0, -'.json'.length)).sort();
  return new Map(keys.map((key) => [key, JSON.parse(readFileSync(join(root, fileOf(key)), 'utf8')) as MessageSample]));
}

/** Keeps samples, of these names or of all that have none. One that is there is what a version sent: it never changes. */
export function keepSamples(root: string, keys: readonly string[] = []): string[] {
  const made = samplesOfTheCode();
  const unknown = keys.filter((key) => !made.has(key));
  if (unknown.length > 0) throw new SetupFailure(`Nobody declares ${unknown.join(', ')}; a name is such as v1/code.issue.`);
  const kept: string[] = [];
  for (const [key, sample] of made) {
    if (keys.length > 0 && !keys.includes(key)) continue;
    mkdirSync(dirname(join(root, fileOf(key))), { recursive: true });
    try {
      writeFileSync(join(root, fileOf(key)), `${JSON.stringify(sample, null, 2)}\n`, { flag: 'wx' });
      kept.push(key);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (keys.includes(key)) throw new SetupFailure(`${fileOf(key)} was published and stays as it is: a version sent such messages. Declare a new name beside the old one.`);
    }
  }
  return kept;
}

if (import.meta.main) {
  try {
    const kept = keepSamples(rootDirectory, process.argv.slice(2));
    console.log(kept.length > 0 ? `Kept: ${kept.join(', ')}` : 'Every message has its sample.');
  } catch (error) {
    reportFailure(error);
  }
}
