import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '@latchkey/testing';

/** Prometheus over workers that come and go. */
export class PrometheusServer {
  private readonly folder: string;
  private readonly url: string;
  private readonly process: ChildProcess;

  private constructor(folder: string, url: string, process: ChildProcess) {
    this.folder = folder;
    this.url = url;
    this.process = process;
  }

  static async start(scrapeEverySeconds: number): Promise<PrometheusServer> {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-prometheus-'));
    writeFileSync(join(folder, 'targets.json'), '[]');
    const settings = {
      global: { scrape_interval: `${scrapeEverySeconds}s`, scrape_timeout: `${scrapeEverySeconds}s` },
      scrape_configs: [{ job_name: 'delivery-sms', file_sd_configs: [{ files: [join(folder, 'targets.json')], refresh_interval: '1s' }] }],
    };
    // JSON is YAML.
    writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(settings));
    const address = `127.0.0.1:${await freePort()}`;
    const program = spawn('prometheus', [`--config.file=${join(folder, 'prometheus.yml')}`, `--storage.tsdb.path=${join(folder, 'data')}`, `--web.listen-address=${address}`, '--log.level=error'], { stdio: ['ignore', 'ignore', 'inherit'] });
    await once(program, 'spawn');
    const server = new PrometheusServer(folder, `http://${address}`, program);
    for (let tries = 0; !(await fetch(`${server.url}/-/ready`).then(({ ok }) => ok, () => false)); tries += 1) {
      if (tries > 100 || program.exitCode !== null) throw new Error('Prometheus does not start');
      await wait(100);
    }
    return server;
  }

  /** From now on these; Prometheus looks at the file by itself. */
  async scrape(targets: string[]): Promise<void> {
    const next = join(this.folder, 'next.json');
    writeFileSync(next, JSON.stringify([{ targets }]));
    renameSync(next, join(this.folder, 'targets.json'));
  }

  /** The one value that a query gives; none is 0, as for KEDA. */
  async query(expression: string): Promise<number> {
    const answer = await fetch(`${this.url}/api/v1/query?query=${encodeURIComponent(expression)}`);
    const { data, error } = (await answer.json()) as { data?: { result: { value: [number, string] }[] }; error?: string };
    if (!data) throw new Error(`Prometheus refuses the query: ${error}`);
    const value = Number(data.result[0]?.value[1] ?? 0);
    return Number.isFinite(value) ? value : 0;
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null) {
      const ended = once(this.process, 'exit');
      this.process.kill('SIGTERM');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
