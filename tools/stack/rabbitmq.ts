import { dirname, join } from 'node:path';
import { chmodSync, writeFileSync } from 'node:fs';
import type { BackingPart } from './backing-part.ts';
import type { Instance } from './instance.ts';
import { privatePart } from './private-part.ts';
import { endProcess, forgetMark, readLiveMark, startDaemon } from './processes.ts';
import { requireProgram } from './programs.ts';

export function rabbitmqUrl(instance: Instance): string {
  return `amqp://latchkey:${instance.state.secrets.rabbitmq}@127.0.0.1:${instance.port('rabbitmq')}/latchkey`;
}

/** The HTTP API of the management plugin, with credentials. */
export function rabbitmqManagementUrl(instance: Instance): string {
  return `http://latchkey:${instance.state.secrets.rabbitmq}@127.0.0.1:${instance.port('rabbitmqManagement')}`;
}

/**
 * A private broker beside any other of the machine: own node name, ports, cookie, data, and an epmd (Erlang's port
 * register) of its own. Its only user and vhost are made by the configuration at the first start; there is no `guest`.
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
      const directory = instance.partDirectory('rabbitmq');
      const environment = brokerEnvironment(instance, directory);
      writeConfiguration(instance, directory);
      if (!readLiveMark(epmdPidFile)) startEpmd(instance, directory, environment);
      return {
        command: requireProgram('rabbitmq-server'),
        args: [],
        environment,
        directory,
        logFile: instance.logFile('rabbitmq-console'),
        pidFile: instance.pidFile('rabbitmq'),
      };
    },
  });
}

function startEpmd(instance: Instance, directory: string, environment: NodeJS.ProcessEnv): void {
  startDaemon({
    command: requireProgram('epmd'),
    args: ['-port', String(instance.port('epmd')), '-address', '127.0.0.1'],
    environment,
    directory,
    logFile: instance.logFile('epmd'),
    pidFile: instance.pidFile('epmd'),
  });
}

function writeConfiguration(instance: Instance, directory: string): void {
  const configuration = join(directory, 'rabbitmq.conf');
  writeFileSync(
    configuration,
    [
      `listeners.tcp.1 = 127.0.0.1:${instance.port('rabbitmq')}`,
      'management.tcp.ip = 127.0.0.1',
      `management.tcp.port = ${instance.port('rabbitmqManagement')}`,
      'default_user = latchkey',
      `default_pass = ${instance.state.secrets.rabbitmq}`,
      'default_vhost = latchkey',
      'default_user_tags.administrator = true',
      'default_permissions.configure = .*',
      'default_permissions.read = .*',
      'default_permissions.write = .*',
      'disk_free_limit.absolute = 200MB',
      'log.console = false',
      `log.file = ${instance.logFile('rabbitmq')}`,
      'log.file.level = info',
      '',
    ].join('\n'),
    { mode: 0o600 },
  );
  chmodSync(configuration, 0o600);
  writeFileSync(join(directory, 'enabled_plugins'), '[rabbitmq_management].\n');
}

function brokerEnvironment(instance: Instance, directory: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(RABBITMQ_|ERL_)/.test(name));
  return {
    ...Object.fromEntries(inherited),
    PATH: [dirname(requireProgram('erl')), process.env['PATH']].join(':'),
    // Where the Erlang cookie lies.
    HOME: directory,
    ERL_EPMD_PORT: String(instance.port('epmd')),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: `latchkey-${instance.name}@localhost`,
    RABBITMQ_DIST_PORT: String(instance.port('rabbitmqDistribution')),
    RABBITMQ_BASE: directory,
    RABBITMQ_MNESIA_BASE: join(directory, 'data'),
    RABBITMQ_LOG_BASE: join(instance.directory, 'logs'),
    RABBITMQ_CONFIG_FILE: join(directory, 'rabbitmq.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(directory, 'enabled_plugins'),
    RABBITMQ_GENERATED_CONFIG_DIR: join(directory, 'generated'),
    RABBITMQ_PID_FILE: join(directory, 'node.pid'),
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    // Else the script stays as the broker's parent, and killing the process that was started would leave the broker.
    RUNNING_UNDER_SYSTEMD: 'true',
    ERL_CRASH_DUMP_SECONDS: '0',
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
  };
}
