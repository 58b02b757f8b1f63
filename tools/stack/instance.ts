import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { privateDirectory } from '../paths.ts';
import { SetupFailure } from '../failure.ts';

/** Where a backing part comes from. */
export type PartSource = 'environment' | 'private' | 'docker';
export type PartName = 'rabbitmq' | 'redis' | 'postgres';
export const partNames: readonly PartName[] = ['rabbitmq', 'redis', 'postgres'];

/** What has to survive a restart of one instance; the file is readable by its owner alone. */
export type InstanceState = {
  version: 1;
  secrets: {
    postgres: string;
    roles: string;
    redis: string;
    rabbitmq: string;
    sealingKey: string;
    awsSecretKey: string;
  };
  ports: Partial<Record<PortName, number>>;
  sources: Partial<Record<PartName, PartSource>>;
  /** URLs of parts that come from the environment. */
  externalUrls: Partial<Record<PartName, string>>;
  /** Set when Postgres' own user cannot reach the instance's folder, and its data had to go elsewhere. */
  postgresDirectory?: string;
};
export type PortName = 'rabbitmq' | 'rabbitmqManagement' | 'rabbitmqMetrics' | 'rabbitmqDistribution' | 'epmd' | 'redis' | 'postgres';

/** One private set of backing parts, data, logs and process marks: `dev` for npm start, `test-…` for tests. */
export class Instance {
  readonly name: string;
  readonly directory: string;
  readonly state: InstanceState;

  private constructor(name: string, state: InstanceState) {
    this.name = name;
    this.directory = instanceDirectory(name);
    this.state = state;
  }

  static open(name: string): Instance {
    const file = join(instanceDirectory(name), 'state.json');
    if (!existsSync(file)) throw new SetupFailure(`There is no instance "${name}" here (${file} does not exist).`);
    try {
      return new Instance(name, JSON.parse(readFileSync(file, 'utf8')) as InstanceState);
    } catch {
      throw new SetupFailure(`${file} cannot be read. \`npm run reset\` clears it, with the data that belongs to it.`);
    }
  }

  static openOrCreate(name: string): Instance {
    const directory = instanceDirectory(name);
    if (existsSync(join(directory, 'state.json'))) return Instance.open(name);
    if (existsSync(join(directory, 'postgres')) || existsSync(join(directory, 'rabbitmq')))
      throw new SetupFailure(`${directory} holds data but not the file with its credentials (state.json). \`npm run reset\` clears it.`);
    // 0711 and not 0700: Postgres runs as another user when this is root, and must get through to its own folder.
    for (const folder of [privateDirectory, directory, join(directory, 'logs'), join(directory, 'run')]) {
      mkdirSync(folder, { recursive: true });
      chmodSync(folder, 0o711);
    }
    const instance = new Instance(name, newState());
    instance.save();
    return instance;
  }

  save(): void {
    const file = join(this.directory, 'state.json');
    writeFileSync(`${file}.new`, JSON.stringify(this.state, null, 2), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }

  /** A folder of one part, readable by its owner alone. */
  partDirectory(part: PartName): string {
    const directory = join(this.directory, part);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return directory;
  }

  pidFile(name: string): string {
    return join(this.directory, 'run', `${name}.pid`);
  }

  logFile(name: string): string {
    return join(this.directory, 'logs', `${name}.log`);
  }

  port(name: PortName): number {
    const port = this.state.ports[name];
    if (port === undefined) throw new Error(`instance ${this.name} has no port for ${name} yet`);
    return port;
  }

  deleteData(): void {
    const elsewhere = this.state.postgresDirectory;
    if (elsewhere) rmSync(elsewhere, { recursive: true, force: true });
    rmSync(this.directory, { recursive: true, force: true });
  }
}

export function instanceDirectory(name: string): string {
  return join(privateDirectory, name);
}

/** Keeps the logs of the last run as `<name>.log.1`. */
export function rotateLogs(instance: Instance): void {
  const directory = join(instance.directory, 'logs');
  for (const file of readdirSync(directory)) if (file.endsWith('.log')) renameSync(join(directory, file), join(directory, `${file}.1`));
}

function newState(): InstanceState {
  const secret = () => randomBytes(24).toString('base64url');
  return {
    version: 1,
    secrets: {
      postgres: secret(),
      roles: secret(),
      redis: secret(),
      rabbitmq: secret(),
      sealingKey: `k1:${randomBytes(32).toString('base64')}`,
      awsSecretKey: randomBytes(30).toString('base64url'),
    },
    ports: {},
    sources: {},
    externalUrls: {},
  };
}
