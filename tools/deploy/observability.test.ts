import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dashboards } from '../observability/dashboards.ts';
import { datasource } from '../observability/dashboard.ts';
import { rootDirectory } from '../paths.ts';
import { composeFile, programOf } from './compose.ts';
import { type KubernetesObject, objectChecker, renderOverlay } from './kubernetes.ts';
import { alerts, configuration, filesIn, observability, promtool, readYaml, testGroups } from './observability.ts';
import { defaultOf } from './programs.ts';

const runbooks = join(rootDirectory, 'docs/runbooks');
const names = [...new Set(alerts().map(({ alert }) => alert))];
const { prometheus, grafana, ...services } = composeFile().services;

describe('Prometheus', () => {
  it('its own checker finds nothing wrong in the configuration and the rules', async () => {
    expect(await promtool('check', 'config', 'prometheus.yml')).toContain('5 rule files found');
  });

  it.each(filesIn('tests').map((file) => [basename(file), file] as const))('the unit tests of %s pass', { timeout: 60_000 }, async (_name, file) => {
    expect(await promtool('test', 'rules', file)).toContain('SUCCESS');
  });

  it('a rule that says something else fails its unit tests', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-rules-'));
    try {
      const [rules, tests] = ['rules', 'tests'].map((kind) => readFileSync(filesIn(kind).find((file) => basename(file).startsWith('security'))!, 'utf8')) as [string, string];
      writeFileSync(join(folder, 'rules.yml'), rules.replace('> 20', '> 2000'));
      writeFileSync(join(folder, 'test.yml'), tests.replace('../rules/security.yml', 'rules.yml'));
      await expect(promtool('test', 'rules', join(folder, 'test.yml'))).rejects.toThrow('LockoutsBurst');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each(alerts().map(({ alert, labels }) => [alert, labels.severity] as const))('%s (%s) is tested to fire, and to stay quiet', (alert, severity) => {
    const tested = testGroups().flatMap(({ promql_expr_test = [] }) => promql_expr_test.filter(({ expr }) => expr.includes(`alertname="${alert}", severity="${severity}"`)));
    expect(tested.some(({ exp_samples }) => exp_samples.length > 0), 'fires').toBe(true);
    expect(tested.some(({ exp_samples }) => exp_samples.length === 0), 'stays quiet').toBe(true);
  });

  it('looks at every process of compose where its metrics are, under the name that it has in Kubernetes', () => {
    const { scrape_configs: scrapes } = configuration();
    const found = scrapes.flatMap(({ job_name, dns_sd_configs = [] }) => dns_sd_configs.flatMap(({ names, port }) => names.map((name) => ({ job_name, name, port }))));
    const processes = Object.entries(services).filter(([name, { restart, profiles }]) => profiles?.includes('everything') && restart !== 'no' && name !== 'inbox');
    expect(found).toEqual(expect.arrayContaining(processes.map(([name, service]) => ({ job_name: name, name, port: defaultOf(programOf(service)!, 'LATCHKEY_INTERNAL_PORT') }))));
    expect(found).toHaveLength(processes.length);
    const components = renderOverlay('prod').filter(({ kind, metadata }) => kind === 'Deployment' && metadata.labels?.['latchkey/process'] === 'service').map(({ metadata }) => metadata.labels?.['app.kubernetes.io/component']);
    expect(found.map(({ job_name }) => job_name).sort()).toEqual(components.sort());
  });

  it('asks the broker for the same figures of its queues as in Kubernetes', () => {
    const monitors = renderOverlay('prod').filter(({ kind }) => kind === 'ServiceMonitor') as unknown as { spec: { endpoints: { params?: { family: string[] } }[] } }[];
    const families = (list: { params?: { family: string[] } }[]) => list.flatMap(({ params }) => params?.family ?? []);
    expect(families(configuration().scrape_configs)).toEqual(families(monitors.flatMap(({ spec }) => spec.endpoints)));
    expect(families(configuration().scrape_configs)).not.toEqual([]);
  });
});

describe('rules for the Prometheus operator', () => {
  const rule = readYaml<KubernetesObject & { spec: { groups: { rules: Record<string, unknown>[] }[] } }>(join(observability, 'kubernetes/prometheus-rule.yaml'));
  const problemsOf = objectChecker();

  it('are what its resource definition allows', () => {
    expect(problemsOf(rule)).toEqual([]);
    expect(rule.spec.groups.flatMap(({ rules }: { rules: unknown[] }) => rules).length).toBeGreaterThanOrEqual(names.length);
  });

  it.each([
    ['a field that there is none of', { severity: 'page' }, /must NOT have additional properties/],
    ['a time that is none', { for: '30 seconds' }, /for must match pattern/],
    ['a label that is no text', { labels: { page: true } }, /labels\/page must be string/],
    ['no expression', { expr: undefined }, /must have required property 'expr'/],
  ])('%s would be seen', (_, change, problem) => {
    const changed = structuredClone(rule);
    Object.assign(changed.spec.groups[0]!.rules[0]!, change);
    expect(problemsOf(JSON.parse(JSON.stringify(changed)) as KubernetesObject).join('\n')).toMatch(problem);
  });
});

describe('runbooks', () => {
  it('each alert has its own, and there is none without an alert', () => {
    expect(readdirSync(runbooks).sort()).toEqual([...names.map((name) => `${name}.md`), 'README.md'].sort());
    const index = readFileSync(join(runbooks, 'README.md'), 'utf8');
    for (const name of names) expect(index).toContain(`[${name}](${name}.md)`);
  });

  it('each alert points to it, by a base that is set in one place', () => {
    expect(Object.keys(configuration().global.external_labels)).toContain('runbooks');
    for (const { alert, annotations } of alerts()) expect(annotations.runbook_url).toBe(`{{ $externalLabels.runbooks }}/${alert}.md`);
  });

  it.each(names)('%s says what it means, whom it hits, where to look and what to do; what it names is there', (name) => {
    const text = readFileSync(join(runbooks, `${name}.md`), 'utf8');
    expect(text.match(/^#+ .*$/gm)).toEqual([`# ${name}`, '## Meaning', '## Impact', '## Look at', '## Do']);
    for (const [, link] of text.matchAll(/\]\(([^)#]+)\)/g)) expect(existsSync(join(runbooks, link!)), link).toBe(true);
    const titles = Object.values(dashboards).map(({ title }) => title);
    for (const [, title] of text.matchAll(/dashboard \*([^*]+)\*/gi)) expect(titles).toContain(title);
    for (const line of text.split('\n').filter((one) => one.startsWith('- Dashboard'))) {
      const parts = Object.values(dashboards).flatMap(({ title, rows }) => [title, ...rows.flatMap((row) => [row.title, ...row.panels.map((panel) => panel.title)])]);
      for (const [, part] of line.matchAll(/\*([^*]+)\*/g)) expect(parts).toContain(part);
    }
  });
});

describe('Grafana', () => {
  type Provider = { providers: { type: string; options: { path: string } }[] };
  type Source = { datasources: { uid: string; type: string; url: string }[] };
  type Json = { uid: string; panels: { id: number; type: string; datasource?: object; targets?: { datasource: object }[]; gridPos: { x: number; y: number; w: number; h: number } }[] };
  const provisioned = (path: string) => join(observability, 'grafana/provisioning', path);
  const files = readdirSync(join(observability, 'grafana/dashboards'));
  const boards = files.map((file) => JSON.parse(readFileSync(join(observability, 'grafana/dashboards', file), 'utf8')) as Json);
  const mountOf = (service: { volumes?: string[] } | undefined, inside: string) => service?.volumes?.map((volume) => volume.split(':')).find(([, target]) => target === inside)?.[0];

  it('finds the dashboards and the provisioning where compose mounts them', () => {
    const { providers } = readYaml<Provider>(provisioned('dashboards/latchkey.yml'));
    expect(providers.map(({ type, options }) => [type, mountOf(grafana, options.path)])).toEqual([['file', './deploy/observability/grafana/dashboards']]);
    expect(mountOf(grafana, '/etc/grafana/provisioning')).toBe('./deploy/observability/grafana/provisioning');
    expect(mountOf(prometheus, '/etc/prometheus')).toBe('./deploy/observability/prometheus');
  });

  it('has one source, which is the Prometheus of compose and the one that every query asks', () => {
    const { datasources } = readYaml<Source>(provisioned('datasources/prometheus.yml'));
    expect(datasources).toMatchObject([{ uid: datasource.uid, type: 'prometheus', url: `http://prometheus:${prometheus!.ports![0]!.split(':').at(-1)}` }]);
    const asked = boards.flatMap(({ panels }) => panels.flatMap((panel) => [panel.datasource, ...(panel.targets ?? []).map((target) => target.datasource)])).filter(Boolean);
    expect(new Set(asked.map((one) => JSON.stringify(one)))).toEqual(new Set([JSON.stringify(datasource)]));
  });

  it('has the dashboards that are described, no others, each with its own id', () => {
    expect(files.sort()).toEqual(Object.keys(dashboards).map((name) => `${name}.json`).sort());
    expect(new Set(boards.map(({ uid }) => uid)).size).toBe(boards.length);
  });

  it('all of them go to Kubernetes as well', () => {
    const { configMapGenerator } = readYaml<{ configMapGenerator: { files: string[] }[] }>(join(observability, 'kustomization.yaml'));
    expect(configMapGenerator.flatMap(({ files: taken }) => taken).sort()).toEqual(files.map((file) => `grafana/dashboards/${file}`).sort());
  });

  it('no two panels of a dashboard have one id or one place', () => {
    for (const { panels } of boards) {
      expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
      const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) => Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)}/${y + Math.floor(cell / w)}`));
      expect(new Set(cells).size).toBe(cells.length);
      for (const { gridPos } of panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
    }
  });
});
