import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { SetupFailure } from '../failure.ts';
import { databaseOwners } from '../stack/databases.ts';

export const dumpFile = 'postgres.dump';
export const definitionsFile = 'broker-definitions.json';
const manifestFile = 'manifest.json';

const ofOwners = <T extends z.ZodType>(value: T) => z.object(Object.fromEntries(databaseOwners.map((owner) => [owner, value])) as Record<(typeof databaseOwners)[number], T>);

const manifestSchema = z.object({
  /** Of this file and what lies beside it. */
  format: z.literal(1),
  product: z.object({ name: z.literal('latchkey'), version: z.string() }),
  startedAt: z.iso.datetime(),
  madeAt: z.iso.datetime(),
  postgres: z.object({
    server: z.string(),
    program: z.string(),
    /** Of each schema, in their order. */
    migrations: ofOwners(z.array(z.string())),
    /** Rows of each table, in the snapshot of the dump. */
    rows: z.record(z.string(), z.int().nonnegative()),
  }),
  /** Where the definitions were read: from the broker as it was, or those that belong to this version. */
  broker: z.object({ definitionsOf: z.enum(['broker', 'release']) }),
  /** The keys that open what is sealed in it: their ids, and what tells whether a key is that one without giving it away. */
  sealingKeys: z.array(z.object({ id: z.string(), check: z.string() })).min(1),
  files: z.record(z.string(), z.object({ bytes: z.int(), sha256: z.string() })),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** Written last: a folder without it is a backup that was broken off. */
export async function writeManifest(folder: string, content: Omit<Manifest, 'format' | 'files'>): Promise<Manifest> {
  const files: Manifest['files'] = {};
  for (const name of [dumpFile, definitionsFile]) files[name] = { bytes: statSync(join(folder, name)).size, sha256: await digestOf(join(folder, name)) };
  const manifest: Manifest = { format: 1, ...content, files };
  writeFileSync(join(folder, manifestFile), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
  return manifest;
}

/** What a backup says of itself, after every file in it was compared with that. */
export async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, manifestFile);
  if (!existsSync(path)) throw new SetupFailure(`${path} does not exist: that is no backup, or one that was broken off.`);
  const read = manifestSchema.safeParse(parse(readFileSync(path, 'utf8')));
  if (!read.success) throw new SetupFailure(`${path} is not a manifest that this version understands:\n${z.prettifyError(read.error)}`);
  for (const name of [dumpFile, definitionsFile]) {
    const expected = read.data.files[name];
    const file = join(folder, name);
    if (!expected) throw new SetupFailure(`${path} does not list ${name}.`);
    if (!existsSync(file)) throw new SetupFailure(`${name} is missing in ${folder}.`);
    if (statSync(file).size !== expected.bytes || (await digestOf(file)) !== expected.sha256) throw new SetupFailure(`${file} is not the file that was backed up: its checksum differs.`);
  }
  return read.data;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
