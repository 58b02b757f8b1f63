import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@latchkey/testing';

const examples = join(import.meta.dirname, '../../deploy/gateways');

/** What nginx wants around the file of a site; it may write in its own folder only. */
const aroundSite = `
daemon off;
master_process off;
pid nginx.pid;
error_log stderr warn;
events {}
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  include latchkey.conf;
}
`;

/** Each example: its files, and how its program is started with them in a folder. */
const programs = {
  nginx: { files: ['latchkey.conf'], args: ['-p', '.', '-c', 'nginx.conf', '-e', 'stderr'] },
  caddy: { files: ['Caddyfile'], args: ['run', '--config', 'Caddyfile', '--adapter', 'caddyfile'] },
  haproxy: { files: ['haproxy.cfg', 'latchkey.lua'], args: ['-db', '-f', 'haproxy.cfg'] },
} as const;
export type ExampleName = keyof typeof programs;
export const exampleNames = Object.keys(programs) as ExampleName[];

/** The real program with the files of deploy/gateways as they are, but for the ports. */
export class ExampleGateway {
  private constructor(
    private readonly process: ChildProcess,
    private readonly folder: string,
  ) {}

  static async start(name: ExampleName, ports: { site: number; latchkey: number; app: number }): Promise<ExampleGateway> {
    const { files, args } = programs[name];
    const folder = mkdtempSync(join(tmpdir(), `latchkey-${name}-`));
    for (const file of files) writeFileSync(join(folder, file), withPorts(readFileSync(join(examples, name, file), 'utf8'), ports));
    if (name === 'nginx') writeFileSync(join(folder, 'nginx.conf'), aroundSite);
    // Debian has them where not every user looks.
    const path = `${process.env['PATH']}:/usr/local/sbin:/usr/sbin`;
    const child = spawn(name, args, { cwd: folder, env: { PATH: path, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }, stdio: ['ignore', 'pipe', 'pipe'] });
    let log = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (log += chunk.toString()));
    child.on('error', (error) => (log += error.message));
    const gateway = new ExampleGateway(child, folder);
    const accepts = () => {
      if (child.exitCode !== null || child.pid === undefined) throw new Error(`${name} ended:\n${log}`);
      return canConnect(ports.site);
    };
    try {
      await eventually(accepts, { timeoutMs: 15_000, what: `${name} on its port` });
    } catch (error) {
      await gateway.stop();
      throw error;
    }
    return gateway;
  }

  async stop(): Promise<void> {
    if (this.process.pid !== undefined && this.process.exitCode === null && this.process.signalCode === null) {
      const ended = once(this.process, 'exit');
      this.process.kill('SIGTERM');
      const late = setTimeout(() => this.process.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(late);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function withPorts(text: string, { site, latchkey, app }: { site: number; latchkey: number; app: number }): string {
  return text.replaceAll('127.0.0.1:8080', `127.0.0.1:${latchkey}`).replaceAll('127.0.0.1:3000', `127.0.0.1:${app}`).replace(/\b8088\b/g, String(site));
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}
