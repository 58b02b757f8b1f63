import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { BackingPart } from './backing-part.ts';
import type { Instance } from './instance.ts';
import { privatePart } from './private-part.ts';
import { endProcess, forgetMark, readLiveMark } from './processes.ts';
import { requireProgram } from './programs.ts';
import { brokerEnvironment, startEpmd, writeConfiguration, type BrokerNode } from './rabbitmq-node.ts';

export function rabbitmqUrl(instance: Instance): string {
  return `amqp://latchkey:${instance.state.secrets.rabbitmq}@127.0.0.1:${instance.port('rabbitmq')}/latchkey`;
}

/** The HTTP API of the management plugin, with credentials. */
export function rabbitmqManagementUrl(instance: Instance): string {
  return `http://latchkey:${instance.state.secrets.rabbitmq}@127.0.0.1:${instance.port('rabbitmqManagement')}`;
}

/**
 * A private broker beside any other of the machine: own node name, ports, cookie, data, and an epmd (Erlang's port
 * register) of its own.
 */
export function privateRabbitmq(instance: Instance): BackingPart {
  const epmdPidFile = instance.pidFile('epmd');
  const stopEpmd = async () => {
    const epmd = readLiveMark(epmdPidFile);
    if (epmd) await endProcess(epmd, 'SIGTERM', 2_000);
    forgetMark(epmdPidFile);
  };

  return privatePart(instance, {
    name: 'rabbitmq',
    url: rabbitmqUrl(instance),
    stopSignal: 'SIGTERM',
    // The management plugin alone takes five seconds to end.
    stopWithinMs: 25_000,
    // Seven seconds on an idle machine with two cores, four times as long on a busy one.
    startWithinMs: 120_000,
    cleanUp: stopEpmd,
    async prepare() {
      const node = nodeOf(instance);
      writeConfiguration(node);
      if (!readLiveMark(epmdPidFile)) startEpmd(node, { logFile: instance.logFile('epmd'), pidFile: epmdPidFile });
      return {
        command: requireProgram('rabbitmq-server'),
        args: [],
        environment: brokerEnvironment(node),
        directory: node.directory,
        logFile: instance.logFile('rabbitmq-console'),
        pidFile: instance.pidFile('rabbitmq'),
      };
    },
  });
}

/**
 * Erlang takes one for each processor, as for a machine of its own; this one is shared with all services and databases. With
 * one on two processors a login by texted code took 5.2 instead of 6.6 ms of the broker's processor time.
 */
const schedulers = Math.max(1, Math.floor(availableParallelism() / 2));

function nodeOf(instance: Instance): BrokerNode {
  return {
    name: `latchkey-${instance.name}@localhost`,
    directory: instance.partDirectory('rabbitmq'),
    logDirectory: join(instance.directory, 'logs'),
    logFile: instance.logFile('rabbitmq'),
    ports: {
      amqp: instance.port('rabbitmq'),
      management: instance.port('rabbitmqManagement'),
      metrics: instance.port('rabbitmqMetrics'),
      distribution: instance.port('rabbitmqDistribution'),
      epmd: instance.port('epmd'),
    },
    password: instance.state.secrets.rabbitmq,
    erlangArguments: `+S ${schedulers}:${schedulers}`,
  };
}
