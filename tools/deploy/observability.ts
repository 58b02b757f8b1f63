import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { rootDirectory } from '../paths.ts';

export const observability = join(rootDirectory, 'deploy/observability');
const prometheus = join(observability, 'prometheus');

export interface Alert {
  alert: string;
  expr: string;
  for?: string;
  labels: { severity: string };
  annotations: { summary: string; runbook_url: string };
}
type RuleFile = { groups: { rules: (Alert | { record: string })[] }[] };
export interface TestGroup {
  name: string;
  promql_expr_test?: { expr: string; exp_samples: unknown[] }[];
  alert_rule_test?: { alertname: string }[];
}
export interface PrometheusConfiguration {
  global: { external_labels: Record<string, string> };
  scrape_configs: { job_name: string; dns_sd_configs?: { names: string[]; port: number }[]; static_configs?: { targets: string[] }[]; params?: { family: string[] } }[];
}

export const readYaml = <T>(path: string): T => parse(readFileSync(path, 'utf8')) as T;
export const configuration = (): PrometheusConfiguration => readYaml(join(prometheus, 'prometheus.yml'));
export const filesIn = (folder: string): string[] => readdirSync(join(prometheus, folder)).map((file) => join(prometheus, folder, file));

export const alerts = (): Alert[] =>
  filesIn('rules').flatMap((file) => readYaml<RuleFile>(file).groups.flatMap(({ rules }) => rules.flatMap((rule) => ('alert' in rule ? [rule] : []))));

export const testGroups = (): TestGroup[] => filesIn('tests').flatMap((file) => readYaml<{ tests: TestGroup[] }>(file).tests);

/** What Prometheus' own checker prints; rejects when it finds something wrong. */
export async function promtool(...args: string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('promtool', args, { cwd: prometheus });
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
    throw new Error(`promtool ${args.join(' ')}: ${stdout}${stderr || message}`, { cause: error });
  }
}
