import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { SetupFailure } from '../failure.ts';
import { rootDirectory } from '../paths.ts';
import type { BackingPart } from './backing-part.ts';
import type { Instance, PartName } from './instance.ts';
import { probes } from './probes.ts';
import { findProgram } from './programs.ts';

/** Whether a Docker engine answers, with compose. */
export function isDockerAvailable(): boolean {
  if (!findProgram('docker')) return false;
  const quick = { stdio: 'ignore', timeout: 10_000 } as const;
  return spawnSync('docker', ['info'], quick).status === 0 && spawnSync('docker', ['compose', 'version'], quick).status === 0;
}

/** A container of docker-compose.yml, in a compose project of the instance's own. */
export function dockerPart(instance: Instance, name: PartName, url: string): BackingPart {
  const part: BackingPart = {
    name,
    url,
    isReady: async () => (await probes[name](url)) === undefined,
    async start() {
      compose(instance, ['up', '--detach', '--wait', name]);
      // Healthy inside the container is a moment before reachable through the forwarded port.
      for (let tries = 0; tries < 100; tries += 1) {
        if (await part.isReady()) return;
        await wait(200);
      }
      throw new SetupFailure(`${name} runs in Docker but does not answer: ${await probes[name](url)}`);
    },
    stop: async () => compose(instance, ['stop', name]),
    kill9: async () => compose(instance, ['kill', name]),
  };
  return part;
}

/** Removes the instance's containers and volumes. */
export function removeDockerParts(instance: Instance): void {
  compose(instance, ['down', '--volumes']);
}

function compose(instance: Instance, args: string[]): void {
  const { ports, secrets } = instance.state;
  const environmentFile = join(instance.directory, 'compose.env');
  writeFileSync(
    environmentFile,
    [
      `LATCHKEY_AMQP_PORT=${ports.rabbitmq ?? ''}`,
      `LATCHKEY_AMQP_MANAGEMENT_PORT=${ports.rabbitmqManagement ?? ''}`,
      `LATCHKEY_AMQP_PASSWORD=${secrets.rabbitmq}`,
      `LATCHKEY_REDIS_PORT=${ports.redis ?? ''}`,
      `LATCHKEY_REDIS_PASSWORD=${secrets.redis}`,
      `LATCHKEY_POSTGRES_PORT=${ports.postgres ?? ''}`,
      `LATCHKEY_POSTGRES_PASSWORD=${secrets.postgres}`,
      '',
    ].join('\n'),
    { mode: 0o600 },
  );
  const project = `latchkey-${instance.name}-${createHash('sha256').update(instance.directory).digest('hex').slice(0, 8)}`;
  const answer = spawnSync('docker', ['compose', '--project-name', project, '--env-file', environmentFile, ...args], { cwd: rootDirectory, encoding: 'utf8' });
  if (answer.status !== 0) throw new SetupFailure(`docker compose ${args.join(' ')} failed:\n${answer.stderr.trim().split('\n').slice(-12).join('\n')}`);
}
