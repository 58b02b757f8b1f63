import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, Program } from '@latchkey/testing';
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

type Ports = Record<string, number | readonly number[]>;

/** The real program with our configuration and rules, but for the targets and how often it looks. */
export class Prometheus {
  private constructor(
    private readonly program: Program,
    private readonly url: string,
  ) {}

  /** `ports`: where each job of the configuration is on this machine, once or at each of its nodes. */
  static async start(ports: Ports): Promise<Prometheus> {
    const address = `127.0.0.1:${await freePort()}`;
    const program = await Program.start({
      command: 'prometheus',
      args: ['--config.file=prometheus.yml', '--storage.tsdb.path=data', `--web.listen-address=${address}`],
      files: { 'prometheus.yml': configurationFor(ports) },
      isReady: async () => (await fetch(`http://${address}/-/ready`)).ok,
    });
    return new Prometheus(program, `http://${address}`);
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

  stop(): Promise<void> {
    return this.program.stop();
  }
}

function configurationFor(ports: Ports): string {
  const configuration = parse(readFileSync(join(folderOfOurs, 'prometheus.yml'), 'utf8')) as Configuration;
  Object.assign(configuration.global, { scrape_interval: '1s', evaluation_interval: '1s' });
  configuration.rule_files = configuration.rule_files.map((file) => join(folderOfOurs, file));
  for (const scrape of configuration.scrape_configs) {
    const own = ports[scrape.job_name];
    if (own === undefined) throw new Error(`nothing here is the job ${scrape.job_name}`);
    delete scrape.dns_sd_configs;
    scrape.static_configs = [{ targets: [own].flat().map((port) => `127.0.0.1:${port}`) }];
  }
  return stringify(configuration);
}
