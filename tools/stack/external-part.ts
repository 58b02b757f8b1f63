import { SetupFailure } from '../failure.ts';
import { withoutPassword, type BackingPart } from './backing-part.ts';
import type { PartName } from './instance.ts';
import { probes } from './probes.ts';

/** The environment variable that names a server to use instead of a private one. */
export const urlVariables: Record<PartName, string> = {
  rabbitmq: 'LATCHKEY_AMQP_URL',
  redis: 'LATCHKEY_REDIS_URL',
  postgres: 'LATCHKEY_POSTGRES_URL',
};

/** A server that somebody else runs: used, never started or stopped. */
export function externalPart(name: PartName, url: string): BackingPart {
  return {
    name,
    url,
    isReady: async () => (await probes[name](url)) === undefined,
    async start() {
      const reason = await probes[name](url);
      if (reason !== undefined) throw new SetupFailure(`${urlVariables[name]} points to ${withoutPassword(url)}, which cannot be used: ${reason}`);
    },
    stop: async () => undefined,
    kill9: async () => {
      throw new Error(`${name} comes from ${urlVariables[name]} and is not ours to kill`);
    },
  };
}
