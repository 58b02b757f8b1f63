import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { authSettings } from '@latchkey/auth/settings';
import { codeIssuanceSettings } from '@latchkey/code-issuance/settings';
import { serviceNames } from '@latchkey/contracts';
import { deliverySettings } from '@latchkey/delivery/settings';
import { deviceTrustSettings } from '@latchkey/device-trust/settings';
import { gatewaySettings } from '@latchkey/gateway/settings';
// Its package has decorators, which Node doesn't run as they are.
import { declareTopology, eventQueues, eventsExchange, oneNodeRequestQueue, requestQueueName } from '../libs/messaging/src/topology.ts';
import { reportFailure, SetupFailure } from './failure.ts';
import { queuesTable, servicesTable } from './generate/architecture-tables.ts';
import { asyncApiDocument } from './generate/asyncapi.ts';
import { breakingChanges } from './generate/breaking-changes.ts';
import { brokerDefinitions } from './generate/broker-definitions.ts';
import { httpClientFiles } from './generate/http-client.ts';
import { withGenerated } from './generate/markdown.ts';
import { type MessageSchema, messageSchemas } from './generate/message-schemas.ts';
import { settingsTable } from './generate/settings-table.ts';
import { grafanaJson } from './observability/dashboard.ts';
import { dashboards } from './observability/dashboards.ts';
import { prometheusRule } from './observability/prometheus-rule.ts';
import { rootDirectory } from './paths.ts';

const settings = { gateway: gatewaySettings, auth: authSettings, 'code-issuance': codeIssuanceSettings, delivery: deliverySettings, 'device-trust': deviceTrustSettings };
const schemaFolder = 'libs/contracts/schemas';
const schemaFile = (name: string) => `${schemaFolder}/${name}.json`;
const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** Everything that is made from the code, by its path below `root`: the whole file, or one with generated parts. */
export function generatedFiles(root: string): Map<string, string> {
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  const topology = declareTopology();
  const { openApi, schema } = httpClientFiles();
  const architecture = withGenerated(read('ARCHITECTURE.md'), 'services', servicesTable(eventQueues));
  return new Map([
    ['README.md', withGenerated(read('README.md'), 'settings', settingsTable(settings))],
    ['ARCHITECTURE.md', withGenerated(architecture, 'queues', queuesTable(topology, eventQueues, serviceNames.filter((service) => service !== 'gateway').map(oneNodeRequestQueue)))],
    ['deploy/rabbitmq/definitions.json', json(brokerDefinitions(topology, 'latchkey'))],
    ...Object.entries(dashboards).map(([name, dashboard]): [string, string] => [`deploy/observability/grafana/dashboards/${name}.json`, json(grafanaJson(dashboard))]),
    ['deploy/observability/kubernetes/prometheus-rule.yaml', prometheusRule(rootDirectory)],
    ['docs/messages/asyncapi.json', json(asyncApiDocument({ topology, queues: eventQueues, eventsExchange, requestQueueName, oneNodeRequestQueue }))],
    ['libs/client/openapi.json', openApi],
    ['libs/client/src/schema.d.ts', schema],
    ...[...messageSchemas(requestQueueName)].map(([name, schema]): [string, string] => [schemaFile(name), json(schema)]),
  ]);
}

/** The snapshots of the messages as they were published, by version and name. */
export function publishedSchemas(root: string): Map<string, MessageSchema> {
  const folder = join(root, schemaFolder);
  if (!existsSync(folder)) return new Map();
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -'.json'.length));
  return new Map(names.sort().map((name) => [name, JSON.parse(readFileSync(join(root, schemaFile(name)), 'utf8')) as MessageSchema]));
}

/** Brings everything up to date, or nothing when that would break what was published. */
export function generate(root: string, { acceptBreaking }: { acceptBreaking: boolean }): void {
  const published = publishedSchemas(root);
  const breaks = breakingChanges(published, messageSchemas(requestQueueName));
  if (breaks.length > 0 && !acceptBreaking) throw new SetupFailure(explain(breaks));
  const files = generatedFiles(root);
  for (const [path, content] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  for (const name of published.keys()) if (!files.has(schemaFile(name))) rmSync(join(root, schemaFile(name)));
}

const explain = (breaks: string[]) => `These changes break services of the published version that still run, or messages that still wait:

  ${breaks.join('\n  ')}

Make a new property optional or give it a default, leave what was there, or declare a new name beside the old one.
When nobody runs the published version any more: npm run generate -- --accept-breaking`;

function wishes(): string[] {
  const wished = process.argv.slice(2);
  const unknown = wished.filter((wish) => wish !== '--accept-breaking');
  if (unknown.length > 0) throw new SetupFailure(`npm run generate doesn't know ${unknown.join(' ')}: there is -- --accept-breaking.`);
  return wished;
}

if (import.meta.main) {
  try {
    generate(rootDirectory, { acceptBreaking: wishes().includes('--accept-breaking') });
  } catch (error) {
    reportFailure(error);
  }
}
