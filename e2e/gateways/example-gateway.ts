import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Program } from '@latchkey/testing';

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
export function startExample(name: ExampleName, ports: { site: number; latchkey: number; app: number }): Promise<Program> {
  const { files, args } = programs[name];
  const texts = Object.fromEntries(files.map((file) => [file, withPorts(readFileSync(join(examples, name, file), 'utf8'), ports)]));
  return Program.start({
    command: name,
    args,
    files: name === 'nginx' ? { ...texts, 'nginx.conf': aroundSite } : texts,
    // Debian has them where not every user looks. What they would keep at home, they keep in their folder.
    environment: { PATH: `${process.env['PATH']}:/usr/local/sbin:/usr/sbin`, HOME: '.', XDG_DATA_HOME: '.', XDG_CONFIG_HOME: '.' },
    isReady: () => canConnect(ports.site),
  });
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
