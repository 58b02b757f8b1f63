import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { parseAllDocuments } from 'yaml';
import { rootDirectory } from '../paths.ts';

export type KubernetesObject = { apiVersion: string; kind: string; metadata: { name: string; namespace?: string; labels?: Record<string, string> }; spec: any };
export type Container = {
  name: string;
  image: string;
  args: string[];
  env: { name: string; value?: string; valueFrom?: { secretKeyRef: { name: string; key: string } } }[];
  ports?: { name: string; containerPort: number }[];
  volumeMounts?: { name: string; mountPath: string }[];
  securityContext: unknown;
  resources: unknown;
  livenessProbe?: { httpGet: { path: string; port: string } };
  readinessProbe?: { httpGet: { path: string; port: string } };
};
export type SecretSource = { name: string; optional?: boolean; items: { key: string; path: string }[] };
export type PodSpec = { containers: Container[]; volumes: { name: string; projected?: { sources: { secret: SecretSource }[] } }[]; affinity: any; securityContext: unknown };

/** All objects of an overlay, as `kubectl apply` would send them. */
export function renderOverlay(overlay: string): KubernetesObject[] {
  const text = execFileSync('kubectl', ['kustomize', join(rootDirectory, 'deploy/kubernetes/overlays', overlay)], { encoding: 'utf8' });
  return parseObjects(text);
}

export const parseObjects = (text: string): KubernetesObject[] =>
  parseAllDocuments(text).map((document) => document.toJS() as KubernetesObject | null).filter((object) => object !== null);

export const podOf = (object: KubernetesObject): PodSpec => (object.spec as { template: { spec: PodSpec } }).template.spec;
export const podLabelsOf = (object: KubernetesObject): Record<string, string> =>
  (object.spec as { template: { metadata: { labels: Record<string, string> } } }).template.metadata.labels;

const schemaFiles = ['kubernetes', 'keda', 'prometheus', 'cnpg', 'rabbitmq'];
type SchemaFile = { $id: string; kinds: Record<string, { $ref: string }> };

/** Checks objects against the schemas of their kinds; a kind without a schema is an error too. */
export function objectChecker(): (object: KubernetesObject) => string[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  const files = schemaFiles.map((name) => JSON.parse(readFileSync(join(rootDirectory, `tools/deploy/schemas/${name}.json`), 'utf8')) as SchemaFile);
  for (const file of files) ajv.addSchema(file);
  const references = new Map(files.flatMap(({ $id, kinds }) => Object.entries(kinds).map(([kind, { $ref }]) => [kind, $id + $ref] as const)));
  return (object) => {
    const reference = references.get(`${object.apiVersion}/${object.kind}`);
    if (reference === undefined) return [`no schema for ${object.apiVersion}/${object.kind}`];
    const validate = ajv.getSchema(reference);
    if (!validate) return [`no schema ${reference}`];
    validate(object);
    const name = `${object.kind} ${object.metadata.name}`;
    return (validate.errors ?? []).map(({ instancePath, message, params }: ErrorObject) => `${name}${instancePath} ${message} ${JSON.stringify(params)}`);
  };
}
