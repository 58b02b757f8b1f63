/** What Grafana calls them. */
export type Unit = 'short' | 'reqps' | 'cps' | 's' | 'percentunit' | 'bytes' | 'none';

/** A query, with the words of its legend, in which `{{label}}` is the value of a label. */
export interface Query {
  expression: string;
  legend: string;
}

export interface Panel {
  title: string;
  kind: 'timeseries' | 'stat';
  unit: Unit;
  queries: Query[];
  description?: string;
  /** From here on it is red; `from` the first, a value is good above it when the second is `less`. */
  limit?: { at: number; bad: 'more' | 'less' };
}

export interface Row {
  title: string;
  panels: Panel[];
}

export interface Dashboard {
  uid: string;
  title: string;
  description: string;
  /** Choices at the top of the page, by name: each the values of a label of a metric. */
  variables?: Record<string, { metric: string; label: string }>;
  rows: Row[];
}

export const datasource = { type: 'prometheus', uid: 'latchkey-prometheus' } as const;

/** The width of a page in Grafana's units. */
const pageWidth = 24;
const heights = { timeseries: 8, stat: 4 } as const;

/** The JSON that Grafana reads; panels of a row share its width. */
export function grafanaJson({ uid, title, description, variables = {}, rows }: Dashboard): object {
  let y = 0;
  let id = 0;
  const panels = rows.flatMap((row) => {
    const heading = { id: (id += 1), type: 'row', title: row.title, collapsed: false, panels: [], gridPos: { x: 0, y, w: pageWidth, h: 1 } };
    const w = Math.floor(pageWidth / row.panels.length);
    const h = Math.max(...row.panels.map(({ kind }) => heights[kind]));
    const inRow = row.panels.map((panel, index) => ({ id: (id += 1), gridPos: { x: index * w, y: y + 1, w, h }, ...panelJson(panel) }));
    y += 1 + h;
    return [heading, ...inRow];
  });
  return {
    uid,
    title: `Latchkey: ${title}`,
    description,
    tags: ['latchkey'],
    editable: false,
    schemaVersion: 39,
    refresh: '30s',
    time: { from: 'now-3h', to: 'now' },
    timezone: 'browser',
    graphTooltip: 1,
    links: [{ type: 'dashboards', title: 'Latchkey', tags: ['latchkey'], asDropdown: true, includeVars: false, keepTime: true }],
    templating: { list: Object.entries(variables).map(([name, variable]) => variableJson(name, variable)) },
    annotations: { list: [] },
    panels,
  };
}

function panelJson({ kind, title, unit, queries, description, limit }: Panel) {
  return {
    type: kind,
    title,
    ...(description === undefined ? {} : { description }),
    datasource,
    targets: queries.map(({ expression, legend }, index) => ({ refId: String.fromCharCode(65 + index), datasource, expr: expression, legendFormat: legend, ...(kind === 'stat' ? { instant: true } : { range: true }) })),
    fieldConfig: { defaults: { unit, min: 0, ...(limit ? { thresholds: { mode: 'absolute', steps: stepsOf(limit) } } : {}) }, overrides: [] },
    options:
      kind === 'stat'
        ? { reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false }, colorMode: limit ? 'background' : 'none', graphMode: 'none', textMode: 'auto' }
        : { legend: { displayMode: 'list', placement: 'bottom', showLegend: true }, tooltip: { mode: 'multi', sort: 'desc' } },
  };
}

function stepsOf({ at, bad }: NonNullable<Panel['limit']>) {
  const [below, above] = bad === 'more' ? ['green', 'red'] : ['red', 'green'];
  return [{ color: below, value: null }, { color: above, value: at }];
}

function variableJson(name: string, { metric, label }: { metric: string; label: string }) {
  const definition = `label_values(${metric}, ${label})`;
  return { name, type: 'query', datasource, definition, query: { query: definition, refId: 'A' }, refresh: 2, includeAll: false, multi: false, sort: 1 };
}

/** A panel of one number. */
export const stat = (title: string, unit: Unit, expression: string, limit?: Panel['limit'], description?: string): Panel =>
  ({ kind: 'stat', title, unit, queries: [{ expression, legend: '' }], ...(limit && { limit }), ...(description === undefined ? {} : { description }) });

/** A panel of curves over time: queries by their legends. */
export const lines = (title: string, unit: Unit, queries: Record<string, string>, description?: string): Panel =>
  ({ kind: 'timeseries', title, unit, queries: Object.entries(queries).map(([legend, expression]) => ({ legend, expression })), ...(description === undefined ? {} : { description }) });

/** What a counter grows by in a second, summed up by some labels. */
export const rateOf = (counter: string, by: string[] = []): string => `sum${by.length > 0 ? ` by (${by.join(', ')})` : ''} (rate(${counter}[$__rate_interval]))`;

/** The value that this share of what a histogram saw keeps below; `histogram` without its `_bucket`, with or without labels. */
export function quantile(share: number, histogram: string, by: string[] = []): string {
  const [name = '', labels = ''] = histogram.split(/(?=\{)/);
  return `histogram_quantile(${share}, sum by (${['le', ...by].join(', ')}) (rate(${name}_bucket${labels}[$__rate_interval])))`;
}
