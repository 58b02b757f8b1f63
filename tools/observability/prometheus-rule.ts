import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

const folder = 'deploy/observability/prometheus/rules';

/** The rules as the Prometheus operator takes them. */
export function prometheusRule(root: string): string {
  const files = readdirSync(join(root, folder)).sort();
  const groups = files.flatMap((file) => (parse(readFileSync(join(root, folder, file), 'utf8')) as { groups: object[] }).groups);
  const rule = { apiVersion: 'monitoring.coreos.com/v1', kind: 'PrometheusRule', metadata: { name: 'latchkey', labels: { 'app.kubernetes.io/part-of': 'latchkey' } }, spec: { groups } };
  return `# Generated from ${folder} by npm run generate.\n${stringify(rule, { lineWidth: 0 })}`;
}
