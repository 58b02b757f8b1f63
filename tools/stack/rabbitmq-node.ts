import { chmodSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { startDaemon, type Daemon } from './processes.ts';
import { requireProgram } from './programs.ts';

/** One private broker: alone, or a node of a cluster. */
export interface BrokerNode {
  /** Erlang's name for it, with `@localhost`. */
  name: string;
  /** Data, configuration and the Erlang cookie. */
  directory: string;
  logDirectory: string;
  logFile: string;
  ports: { amqp: number; management: number; distribution: number; epmd: number; /** Of its figures for Prometheus, which it gives only then. */ metrics?: number };
  password: string;
  /** Further lines of rabbitmq.conf, and arguments of the Erlang machine. */
  settings?: readonly string[];
  erlangArguments?: string;
}

/** Its only user and vhost are made by the configuration at the first start; there is no `guest`. */
export function writeConfiguration(node: BrokerNode): void {
  const file = join(node.directory, 'rabbitmq.conf');
  const lines = [
    `listeners.tcp.1 = 127.0.0.1:${node.ports.amqp}`,
    'management.tcp.ip = 127.0.0.1',
    `management.tcp.port = ${node.ports.management}`,
    'default_user = latchkey',
    `default_pass = ${node.password}`,
    'default_vhost = latchkey',
    'default_user_tags.administrator = true',
    'default_permissions.configure = .*',
    'default_permissions.read = .*',
    'default_permissions.write = .*',
    'disk_free_limit.absolute = 200MB',
    'log.console = false',
    `log.file = ${node.logFile}`,
    'log.file.level = info',
    ...(node.ports.metrics === undefined ? [] : ['prometheus.tcp.ip = 127.0.0.1', `prometheus.tcp.port = ${node.ports.metrics}`]),
    ...(node.settings ?? []),
    '',
  ];
  writeFileSync(file, lines.join('\n'), { mode: 0o600 });
  chmodSync(file, 0o600);
  const plugins = ['rabbitmq_management', ...(node.ports.metrics === undefined ? [] : ['rabbitmq_prometheus'])];
  writeFileSync(join(node.directory, 'enabled_plugins'), `[${plugins.join(',')}].\n`);
}

/** Everything that keeps the broker, or its command line tools, apart from any other of the machine. */
export function brokerEnvironment(node: BrokerNode): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(RABBITMQ_|ERL_)/.test(name));
  return {
    ...Object.fromEntries(inherited),
    PATH: [dirname(requireProgram('erl')), process.env['PATH']].join(':'),
    // Where the Erlang cookie lies.
    HOME: node.directory,
    ERL_EPMD_PORT: String(node.ports.epmd),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: node.name,
    RABBITMQ_DIST_PORT: String(node.ports.distribution),
    RABBITMQ_BASE: node.directory,
    RABBITMQ_MNESIA_BASE: join(node.directory, 'data'),
    RABBITMQ_LOG_BASE: node.logDirectory,
    RABBITMQ_CONFIG_FILE: join(node.directory, 'rabbitmq.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(node.directory, 'enabled_plugins'),
    RABBITMQ_GENERATED_CONFIG_DIR: join(node.directory, 'generated'),
    RABBITMQ_PID_FILE: join(node.directory, 'node.pid'),
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    // Else the script stays as the broker's parent, and killing the process that was started would leave the broker.
    RUNNING_UNDER_SYSTEMD: 'true',
    ERL_CRASH_DUMP_SECONDS: '0',
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: ['-kernel inet_dist_use_interface {127,0,0,1}', node.erlangArguments ?? ''].join(' ').trim(),
  };
}

/** Erlang's port register, one for each broker or cluster: the machine's own would outlive us. */
export function startEpmd(node: BrokerNode, files: Pick<Daemon, 'logFile' | 'pidFile'>): void {
  startDaemon({
    command: requireProgram('epmd'),
    args: ['-port', String(node.ports.epmd), '-address', '127.0.0.1'],
    environment: brokerEnvironment(node),
    directory: node.directory,
    ...files,
  });
}
