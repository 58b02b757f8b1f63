import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeliveryMetrics } from '../../services/delivery/src/deliver/metrics.ts';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { declareTopology, eventQueues } from '../../libs/messaging/src/topology.ts';
import { rootDirectory } from '../paths.ts';
import { defaultOf, environmentProblems, isSecret, programs } from './programs.ts';
import { type Container, type KubernetesObject, objectChecker, parseObjects, podOf, renderOverlay } from './kubernetes.ts';

const read = (path: string) => readFileSync(join(rootDirectory, path), 'utf8');
const { version } = JSON.parse(read('package.json')) as { version: string };
const overlays = { dev: renderOverlay('dev'), prod: renderOverlay('prod') };
const { dev, prod } = overlays;
const kindOf = (objects: KubernetesObject[], kind: string) => objects.filter((object) => object.kind === kind);
const services = (objects: KubernetesObject[]) => kindOf(objects, 'Deployment').filter(({ metadata }) => metadata.labels?.['latchkey/process'] === 'service');
const programOf = ({ args = [] }: Container) => args[0]?.split('/')[0] ?? '';

let folder: string;
type Secret = KubernetesObject & { stringData: Record<string, string> };
let secrets: Map<string, Record<string, string>>;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-kubernetes-'));
  const printed = parseObjects(execFileSync('sh', [join(rootDirectory, 'deploy/kubernetes/make-secrets.sh')], { encoding: 'utf8' })) as Secret[];
  secrets = new Map(printed.map(({ metadata, stringData }) => [metadata.name, stringData]));
  const check = objectChecker();
  expect(printed.flatMap(check)).toEqual([]);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(Object.entries(overlays))('the overlay %s', (_name, objects) => {
  it('is made of objects that Kubernetes and the operators know, to the last field', () => {
    expect(objects.flatMap(objectChecker())).toEqual([]);
  });

  it('names no two objects alike, all in its own namespace', () => {
    const names = objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(new Set(names).size).toBe(names.length);
    const [namespace] = kindOf(objects, 'Namespace');
    for (const { kind, metadata } of objects) if (kind !== 'Namespace') expect(metadata.namespace, `${kind} ${metadata.name}`).toBe(namespace?.metadata.name);
  });

  it('gives each container settings that it has, all that it needs, with the secrets that make-secrets.sh makes', () => {
    const pods = [...services(objects), ...kindOf(objects, 'Job')].map(podOf);
    const containers = pods.flatMap((pod) => pod.containers.map((container) => ({ container, pod })));
    expect(containers.length).toBe(6 + 4);
    for (const { container, pod } of containers) {
      const [mount] = container.volumeMounts ?? [];
      const sources = pod.volumes.find(({ name }) => name === mount?.name)?.projected?.sources ?? [];
      for (const { secret } of sources) {
        for (const { key, path } of secret.items) writeFileSync(join(folder, path), secrets.get(secret.name)?.[key] ?? '');
      }
      const environment = Object.fromEntries(container.env.map(({ name, value = '' }) => [name, value.replace(mount?.mountPath ?? '', folder)]));
      expect(environmentProblems(programOf(container), environment), container.args.join(' ')).toEqual([]);
      expect(Object.keys(environment).filter(isSecret)).toEqual([]);
      const files = container.env.filter(({ value }) => value?.startsWith(`${mount?.mountPath}/`)).map(({ value }) => value!.split('/').at(-1));
      expect(sources.flatMap(({ secret }) => secret.items.map(({ path }) => path)).sort(), 'a container has the secrets it reads, no others').toEqual(files.sort());
    }
  });

  it('runs the image of this version, as nobody, on a file system that it cannot write', () => {
    const pods = [...kindOf(objects, 'Deployment'), ...kindOf(objects, 'Job'), ...kindOf(objects, 'StatefulSet')].map(podOf);
    for (const pod of pods) {
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      for (const { image, securityContext, resources } of pod.containers) {
        expect(image).toMatch(new RegExp(`^(latchkey(-inbox)?:${version.replaceAll('.', '\\.')}|redis:8)$`));
        expect(securityContext).toMatchObject({ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } });
        expect(resources).toMatchObject({ requests: { cpu: expect.anything(), memory: expect.anything() }, limits: { cpu: expect.anything(), memory: expect.anything() } });
      }
    }
    expect(kindOf(objects, 'Job')[0]?.metadata.name).toBe(`migrate-${version.replaceAll('.', '-')}`);
  });

  it('asks for health where the program answers, and scrapes metrics there', () => {
    for (const deployment of services(objects)) {
      const [container] = podOf(deployment).containers;
      const port = defaultOf(programOf(container!), 'LATCHKEY_INTERNAL_PORT');
      expect(container!.ports).toContainEqual(expect.objectContaining({ name: 'internal', containerPort: port }));
      expect(container!.livenessProbe?.httpGet).toEqual({ path: '/health/live', port: 'internal' });
      expect(container!.readinessProbe?.httpGet).toEqual({ path: '/health/ready', port: 'internal' });
      const service = kindOf(objects, 'Service').find(({ metadata }) => metadata.name === deployment.metadata.name);
      expect(service?.spec.ports).toContainEqual(expect.objectContaining({ name: 'internal', port, targetPort: 'internal' }));
      expect(service?.metadata.labels).toMatchObject({ 'latchkey/process': 'service' });
    }
    const [monitor] = kindOf(objects, 'ServiceMonitor');
    expect(monitor?.spec).toMatchObject({ selector: { matchLabels: { 'latchkey/process': 'service' } }, endpoints: [{ port: 'internal', path: '/metrics' }] });
  });

  it('spreads each service over nodes, and takes away one pod at a time', () => {
    for (const deployment of services(objects)) {
      const { name } = deployment.metadata;
      const selector = { matchLabels: { 'app.kubernetes.io/component': name } };
      expect(podOf(deployment).affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution).toEqual([{ topologyKey: 'kubernetes.io/hostname', labelSelector: selector }]);
      expect(kindOf(objects, 'PodDisruptionBudget').find(({ metadata }) => metadata.name === name)?.spec).toEqual({ maxUnavailable: 1, selector });
    }
  });
});

it('each process of the system is scaled by one thing: channels by their queue, the others by their work', () => {
  const byQueue = kindOf(prod, 'ScaledObject').map(({ spec }) => spec.scaleTargetRef.name as string);
  const byWork = kindOf(prod, 'HorizontalPodAutoscaler').map(({ spec }) => spec.scaleTargetRef.name as string);
  expect([...byQueue, ...byWork].sort()).toEqual(services(prod).map(({ metadata }) => metadata.name).sort());
  const channels = eventQueues.flatMap(({ channel }) => channel ?? []);
  expect(byQueue.sort()).toEqual(channels.map((channel) => `delivery-${channel}`).sort());
});

it('a channel is scaled by its own queue and a metric that its workers have', async () => {
  const registry = new Registry();
  new DeliveryMetrics(registry).firstAsked('sms', 1);
  const metrics = await registry.metrics();
  const queues = declareTopology().queues.map(({ name }) => name);
  for (const { metadata, spec } of kindOf(prod, 'ScaledObject')) {
    const channel = metadata.name.replace('delivery-', '');
    const [deployment] = services(prod).filter(({ metadata: { name } }) => name === metadata.name);
    expect(podOf(deployment!).containers[0]!.env).toContainEqual({ name: 'DELIVERY_CHANNELS', value: channel });
    const [byLength, byAge] = (spec.triggers as { metadata: Record<string, string> }[]).map((trigger) => trigger.metadata);
    expect(eventQueues.find((queue) => queue.channel === channel)?.name).toBe(byLength!['queueName']);
    expect(queues).toContain(byLength!['queueName']);
    expect(Number(byLength!['value'])).toBe(defaultOf('delivery', 'LATCHKEY_DELIVERY_PREFETCH'));
    const [, metric = '', label = ''] = /(latchkey_\w+)\{channel="(\w+)"\}/.exec(byAge!['query']!) ?? [];
    expect(label).toBe(channel);
    expect(metrics).toContain(`${metric}{le="1",channel="sms"}`);
    expect(spec.minReplicaCount).toBeGreaterThanOrEqual(2);
    expect(spec.maxReplicaCount).toBeLessThanOrEqual(20);
    expect(spec.cooldownPeriod).toBeGreaterThanOrEqual(120);
    expect(spec.advanced.horizontalPodAutoscalerConfig.behavior.scaleDown.stabilizationWindowSeconds).toBeGreaterThanOrEqual(120);
  }
});

it('the database takes the connections of all processes at their most, and of their successors in an update', () => {
  const [, pool = ''] = /poolSize \?\? (\d+)/.exec(read('libs/platform/src/postgres.ts')) ?? [];
  const most = new Map<string, number>();
  for (const { spec } of kindOf(prod, 'ScaledObject')) most.set(spec.scaleTargetRef.name, spec.maxReplicaCount);
  for (const { spec } of kindOf(prod, 'HorizontalPodAutoscaler')) most.set(spec.scaleTargetRef.name, spec.maxReplicas);
  const processes = services(prod).filter((deployment) => 'LATCHKEY_DATABASE_URL' in programs[programOf(podOf(deployment).containers[0]!)]!.shape);
  const connections = processes.reduce((sum, { metadata }) => sum + (most.get(metadata.name)! + 1) * Number(pool), 0);
  const [cluster] = kindOf(prod, 'Cluster');
  expect(connections).toBeGreaterThan(200);
  expect(Number(cluster!.spec.postgresql.parameters.max_connections)).toBeGreaterThan(connections);
});

it('the database has the roles that init.sql makes, each with the secret of the service that has its URL', () => {
  const [cluster] = kindOf(prod, 'Cluster');
  const owners = /ARRAY\[([^\]]+)\]/.exec(read('deploy/postgres/init.sql'))![1]!.split(',').map((owner) => owner.trim().replaceAll("'", ''));
  const roles = cluster!.spec.managed.roles as { name: string; passwordSecret: { name: string } }[];
  expect(roles.map(({ name }) => name).sort()).toEqual(owners.map((owner) => `latchkey_${owner}`).sort());
  for (const { name, passwordSecret } of roles) {
    const secret = secrets.get(passwordSecret.name)!;
    const url = new URL(secret['database-url']!);
    expect([secret['username'], url.username, url.password]).toEqual([name, name, secret['password']]);
    expect(url.host).toBe(`${cluster!.metadata.name}-rw:5432`);
  }
});

it('broker and database lie on three nodes; the broker has the queues of the code before any service is there', () => {
  const [broker] = kindOf(prod, 'RabbitmqCluster');
  const [cluster] = kindOf(prod, 'Cluster');
  expect([broker!.spec.replicas, cluster!.spec.instances]).toEqual([3, 3]);
  const definitions = prod.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'latchkey-broker-definitions') as KubernetesObject & { data: Record<string, string> };
  expect(definitions.data['definitions.json']).toBe(read('deploy/rabbitmq/definitions.json'));
  const hosts = secrets.get('latchkey-broker')!['amqp-url']!.split(',').map((url) => new URL(url).hostname);
  expect(hosts).toEqual([0, 1, 2].map((node) => `${broker!.metadata.name}-server-${node}.${broker!.metadata.name}-nodes`));
});

it('each secret that is named anywhere is one that make-secrets.sh makes, and each of those is needed', () => {
  const named = new Set([...JSON.stringify([dev, prod]).matchAll(/"(?:secretName|name)":"(latchkey-[\w-]+)"/g)].map(([, name]) => name!));
  const known = new Set([...dev, ...prod].map(({ metadata }) => metadata.name)).add('latchkey-inbox').add('latchkey-tls');
  expect([...named].filter((name) => !known.has(name) && !secrets.has(name))).toEqual([]);
  expect([...secrets.keys()].filter((name) => !named.has(name))).toEqual([]);
});

it('the checker sees a field that there is not, a value of the wrong type, and a kind that nobody knows', () => {
  const check = objectChecker();
  const [deployment] = services(prod);
  const broken = structuredClone(deployment!);
  broken.spec.template.spec.containers[0].livenesProbe = {};
  broken.spec.replicas = 'two';
  expect(check(broken)).toHaveLength(2);
  expect(check({ ...deployment!, kind: 'Deploymnet' })).toEqual(['no schema for apps/v1/Deploymnet']);
});
