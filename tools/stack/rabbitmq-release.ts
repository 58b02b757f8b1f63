import { dirname, join } from 'node:path';
import { requireProgram } from './programs.ts';

/** A RabbitMQ that can be run on this machine. */
export interface BrokerRelease {
  name: '3' | '4';
  /** Lines of rabbitmq.conf, and feature flags to turn on, beyond its own defaults. */
  settings: readonly string[];
  featureFlags: readonly string[];
  /** How to run one of its programs. */
  command(program: 'rabbitmq-server' | 'rabbitmqctl', args: readonly string[]): { command: string; args: string[] };
}

/** The one that this machine's packages have brought. */
export const installedRabbitmq: BrokerRelease = {
  name: '3',
  settings: [],
  featureFlags: [],
  command: (program, args) => ({ command: join(dirname(requireProgram('rabbitmq-server')), program), args: [...args] }),
};
