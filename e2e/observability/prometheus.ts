import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, freePort } from '@latchkey/testing';
import { stringify, parse } from 'yaml';

const folderOfOurs = join(import.meta.dirname, '../../deploy/observability/prometheus');

interface Configuration {
  global: { scrape_interval: string; evaluation_interval: string };
  rule_files: string[];
  scrape_configs: { job_name: string; static_configs?: { targets: string[] }[]; dns_sd_configs?: unknown }[];
}

export type Sample = { metric: Record<string, string>; value: [at: number, value: string] };
export type Rule = { name: string; query: string; type: 'recording' | 'alerting'; health: string; lastError?: string; labels?: Record<string, string> };
export type Target = { labels: { job: string }; health: string; lastError: string };

/** The real program with our configuration and rules, but for the targets and how often it looks. */
export class Prometheus {
  private constructor(
    private readonly process: ChildProcess,
    private readonly folder: string,
    private readonly url: string,
  ) {}

  /** `ports`: where each job of the configuration is on this machine. */
  static async start(ports: Record<string, number>): Promise<Prometheus> {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-prometheus-'));
    writeFileSync(join(folder, 'prometheus.yml'), configurationFor(ports));
    const port = await freePort();
    const args = ['--config.file=prometheus.yml', '--storage.tsdb.path=data', `--web.listen-address=127.0.0.1:${port}`];
    const child = spawn('prometheus', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let log = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (log += chunk.toString()));
    child.on('error', (error) => (log += error.message));
    const prometheus = new Prometheus(child, folder, `http://127.0.0.1:${port}`);
    const isReady = async () => {
      if (child.exitCode !== null || child.pid === undefined) throw new Error(`Prometheus ended:\n${log}`);
      return (await fetch(`${prometheus.url}/-/ready`).catch(() => undefined))?.ok ?? false;
    };
    try {
      await eventually(isReady, { timeoutMs: 20_000, what: 'a ready Prometheus' });
    } catch (error) {
      await prometheus.stop();
      throw error;
    }
    return prometheus;
  }

  /** Throws what Prometheus says of a wrong query. */
  async query(expression: string): Promise<Sample[]> {
    const { result } = await this.ask<{ resultType: string; result: Sample[] }>('query', { query: expression });
    return result;
  }

  async rules(): Promise<Rule[]> {
    return (await this.ask<{ groups: { rules: Rule[] }[] }>('rules')).groups.flatMap(({ rules }) => rules);
  }

  async targets(): Promise<Target[]> {
    return (await this.ask<{ activeTargets: Target[] }>('targets')).activeTargets;
  }

  async metricNames(): Promise<Set<string>> {
    return new Set(await this.ask<string[]>('label/__name__/values'));
  }

  private async ask<T>(what: string, parameters: Record<string, string> = {}): Promise<T> {
    const response = await fetch(`${this.url}/api/v1/${what}?${new URLSearchParams(parameters).toString()}`, { signal: AbortSignal.timeout(10_000) });
    const answer = (await response.json()) as { status: string; error?: string; data: T };
    if (answer.status !== 'success') throw new Error(`${answer.error}\n  in ${Object.values(parameters).join()}`);
    return answer.data;
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

function configurationFor(ports: Record<string, number>): string {
  const configuration = parse(readFileSync(join(folderOfOurs, 'prometheus.yml'), 'utf8')) as Configuration;
  Object.assign(configuration.global, { scrape_interval: '1s', evaluation_interval: '1s' });
  configuration.rule_files = configuration.rule_files.map((file) => join(folderOfOurs, file));
  for (const scrape of configuration.scrape_configs) {
    const port = ports[scrape.job_name];
    if (port === undefined) throw new Error(`nothing here is the job ${scrape.job_name}`);
    delete scrape.dns_sd_configs;
    scrape.static_configs = [{ targets: [`127.0.0.1:${port}`] }];
  }
  return stringify(configuration);
}
