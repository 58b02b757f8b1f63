import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, Program } from '@latchkey/testing';

/** Prometheus over workers that come and go. */
export class PrometheusServer {
  private readonly url: string;
  private readonly program: Program;

  private constructor(url: string, program: Program) {
    this.url = url;
    this.program = program;
  }

  static async start(scrapeEverySeconds: number): Promise<PrometheusServer> {
    const settings = {
      global: { scrape_interval: `${scrapeEverySeconds}s`, scrape_timeout: `${scrapeEverySeconds}s` },
      scrape_configs: [{ job_name: 'delivery-sms', file_sd_configs: [{ files: ['targets.json'], refresh_interval: '1s' }] }],
    };
    const address = `127.0.0.1:${await freePort()}`;
    const program = await Program.start({
      command: 'prometheus',
      args: ['--config.file=prometheus.yml', '--storage.tsdb.path=data', `--web.listen-address=${address}`, '--log.level=error'],
      // JSON is YAML.
      files: { 'targets.json': '[]', 'prometheus.yml': JSON.stringify(settings) },
      isReady: async () => (await fetch(`http://${address}/-/ready`)).ok,
    });
    return new PrometheusServer(`http://${address}`, program);
  }

  /** From now on these; Prometheus looks at the file by itself. */
  async scrape(targets: string[]): Promise<void> {
    const next = join(this.program.folder, 'next.json');
    writeFileSync(next, JSON.stringify([{ targets }]));
    renameSync(next, join(this.program.folder, 'targets.json'));
  }

  /** The one value that a query gives; none is 0, as for KEDA. */
  async query(expression: string): Promise<number> {
    const answer = await fetch(`${this.url}/api/v1/query?query=${encodeURIComponent(expression)}`);
    const { data, error } = (await answer.json()) as { data?: { result: { value: [number, string] }[] }; error?: string };
    if (!data) throw new Error(`Prometheus refuses the query: ${error}`);
    const value = Number(data.result[0]?.value[1] ?? 0);
    return Number.isFinite(value) ? value : 0;
  }

  stop(): Promise<void> {
    return this.program.stop();
  }
}
