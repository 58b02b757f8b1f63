import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import type { BackingPart } from './backing-part.ts';
import type { Instance } from './instance.ts';
import { privatePart } from './private-part.ts';
import { requireProgram } from './programs.ts';

export function redisUrl(instance: Instance): string {
  return `redis://:${instance.state.secrets.redis}@127.0.0.1:${instance.port('redis')}`;
}

/** A private Redis that keeps what it was told (append-only file) and never evicts. */
export function privateRedis(instance: Instance): BackingPart {
  return privatePart(instance, {
    name: 'redis',
    url: redisUrl(instance),
    stopSignal: 'SIGTERM',
    stopWithinMs: 10_000,
    startWithinMs: 20_000,
    async prepare() {
      const directory = instance.partDirectory('redis');
      const configuration = join(directory, 'redis.conf');
      // The password is in a file: a command line can be read by every user of the machine.
      writeFileSync(
        configuration,
        [
          'bind 127.0.0.1',
          `port ${instance.port('redis')}`,
          'protected-mode yes',
          `requirepass ${instance.state.secrets.redis}`,
          `dir "${directory}"`,
          'appendonly yes',
          'appendfsync everysec',
          'maxmemory-policy noeviction',
          'databases 256',
          'daemonize no',
          '',
        ].join('\n'),
        { mode: 0o600 },
      );
      return {
        command: requireProgram('redis-server'),
        args: [configuration],
        environment: process.env,
        directory,
        logFile: instance.logFile('redis'),
        pidFile: instance.pidFile('redis'),
      };
    },
  });
}
