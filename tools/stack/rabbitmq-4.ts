import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SetupFailure } from '../failure.ts';
import { privateDirectory } from '../paths.ts';
import { runCommand } from '../run-command.ts';
import { installPackages } from './packages.ts';
import { findProgram } from './programs.ts';
import type { BrokerRelease } from './rabbitmq-release.ts';

const suite = 'trixie';
const folder = join(privateDirectory, `debian-${suite}`);
/** Permitted in 4.0, denied by default from 4.3 on. */
const deniedLater = ['transient_nonexcl_queues', 'global_qos', 'queue_master_locator', 'amqp_address_v1', 'ram_node_type'];

/**
 * Debian 13's RabbitMQ 4, from a folder that holds nothing but what it needs; it runs in a change root, with what later
 * 4.x have by default: Khepri as the store of the topology (4.2), and no deprecated features (4.3).
 */
export const rabbitmq4: BrokerRelease = {
  name: '4',
  settings: deniedLater.map((feature) => `deprecated_features.permit.${feature} = false`),
  featureFlags: ['khepri_db'],
  command(program, args) {
    const run = ['chroot', folder, `/usr/lib/rabbitmq/bin/${program}`, ...args].map(quote).join(' ');
    // Data and configuration lie at the same path inside and outside. The mounts are this one process's, and go with it.
    const inside = quote(join(folder, privateDirectory));
    const mounts = `mount -t proc proc ${quote(join(folder, 'proc'))} && mkdir -p ${inside} && mount --bind ${quote(privateDirectory)} ${inside}`;
    return { command: 'unshare', args: ['--mount', 'sh', '-c', `${mounts} && exec ${run}`] };
  },
};

/** Why it can't be had here; undefined when it can. */
export function rabbitmq4Hindrance(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root may make and enter a change root';
  if (!findProgram('apt-get') || !findProgram('unshare')) return 'this is not a Debian';
  return undefined;
}

/** Gets it once, in about a minute; it stays for the next time. */
export async function provideRabbitmq4(note: (text: string) => void): Promise<BrokerRelease> {
  const hindrance = rabbitmq4Hindrance();
  if (hindrance) throw new SetupFailure(`RabbitMQ 4 can't be had here: ${hindrance}.`);
  if (existsSync(folder)) return rabbitmq4;
  if (!findProgram('debootstrap')) await installPackages(['debootstrap'], note);
  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(privateDirectory, { recursive: true });
  note('debootstrap');
  const { code, output } = await runCommand('debootstrap', ['--variant=minbase', '--include=rabbitmq-server', suite, unfinished, await debianMirror()]);
  if (code !== 0) {
    rmSync(unfinished, { recursive: true, force: true });
    throw new SetupFailure(`debootstrap failed:\n${output.trim().split('\n').slice(-8).join('\n')}`);
  }
  renameSync(unfinished, folder);
  return rabbitmq4;
}

/** The one that apt uses here. */
async function debianMirror(): Promise<string> {
  const { output } = await runCommand('apt-get', ['indextargets', '--format', '$(SITE) $(RELEASE)', 'Origin: Debian']);
  const [mirror] = output.split('\n').filter((line) => !/-(security|updates|backports)$/.test(line.trim())).map((line) => line.split(' ')[0]);
  return mirror || 'http://deb.debian.org/debian';
}

function quote(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
