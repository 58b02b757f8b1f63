import { expect, it } from 'vitest';
import { type KubernetesObject, podLabelsOf, podOf, renderOverlay } from './kubernetes.ts';
import { programs } from './programs.ts';

type Labels = Record<string, string>;
type Selector = { matchLabels?: Labels; matchExpressions?: { key: string; operator: string; values: string[] }[] };
type Peer = { podSelector?: Selector; namespaceSelector?: Selector; ipBlock?: { cidr: string; except?: string[] } };
type Rule = { from?: Peer[]; to?: Peer[]; ports?: { port: number | string; endPort?: number }[] };
type Policy = { podSelector: Selector; policyTypes: string[]; ingress?: Rule[]; egress?: Rule[] };
type Party = { name: string; labels: Labels; ports: Record<string, number> };

const objects = renderOverlay('prod');
const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy').map(({ spec }) => spec as Policy);
const isService = ({ metadata }: KubernetesObject) => metadata.labels?.['latchkey/process'] === 'service';
const backing: Party[] = [
  // Labels that the operators give to their pods.
  { name: 'broker', labels: { 'app.kubernetes.io/name': 'latchkey-broker', 'app.kubernetes.io/component': 'rabbitmq' }, ports: {} },
  { name: 'database', labels: { 'cnpg.io/cluster': 'latchkey-database' }, ports: {} },
];
const ours: Party[] = objects
  .filter(({ kind }) => ['Deployment', 'StatefulSet', 'Job'].includes(kind))
  .map((object) => {
    const labels = podLabelsOf(object);
    const ports = podOf(object).containers.flatMap((container) => container.ports ?? []);
    return { name: labels['app.kubernetes.io/component']!, labels, ports: Object.fromEntries(ports.map(({ name, containerPort }) => [name, containerPort])) };
  });
const parties = [...ours, ...backing];

const selects = ({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels) =>
  Object.entries(matchLabels).every(([key, value]) => labels[key] === value) && matchExpressions.every(({ key, values }) => values.includes(labels[key] ?? ''));
const isOf = (peer: Peer, { labels }: Party) => peer.namespaceSelector === undefined && peer.podSelector !== undefined && selects(peer.podSelector, labels);
const opens = ({ ports }: Rule, port: number, { ports: named }: Party) =>
  ports === undefined || ports.some(({ port: one, endPort }) => (typeof one === 'string' ? named[one] === port : port >= one && port <= (endPort ?? one)));

/** As Kubernetes decides: who is selected by a policy is closed but for what some policy opens, on both ends. */
function isAllowed(from: Party, to: Party, port: number): boolean {
  const side = (party: Party, type: string) => policies.filter(({ podSelector, policyTypes }) => policyTypes.includes(type) && selects(podSelector, party.labels));
  const leaves = side(from, 'Egress').flatMap(({ egress = [] }) => egress).some((rule) => opens(rule, port, to) && (rule.to === undefined || rule.to.some((peer) => isOf(peer, to))));
  const enters = side(to, 'Ingress').flatMap(({ ingress = [] }) => ingress).some((rule) => opens(rule, port, to) && (rule.from === undefined || rule.from.some((peer) => isOf(peer, from))));
  return leaves && enters;
}

const ports = [...new Set([80, 443, 4369, 5432, 5672, 6379, 6443, 8000, 8080, 8443, 9187, 15672, 15692, 25672, ...ours.flatMap((party) => Object.values(party.ports))])];

it('in the namespace a process reaches what its settings name, and nothing else', () => {
  const found = parties.flatMap((from) => parties.flatMap((to) => ports.filter((port) => isAllowed(from, to, port)).map((port) => `${from.name} → ${to.name}:${port}`)));
  const wanted = objects.filter((object) => object.kind === 'Deployment' && isService(object)).flatMap((object) => {
    const { shape } = programs[podOf(object).containers[0]!.args[0]!.split('/')[0]!]!;
    const arrows = { LATCHKEY_AMQP_URL: 'broker:5672', LATCHKEY_AMQP_MANAGEMENT_URL: 'broker:15672', LATCHKEY_DATABASE_URL: 'database:5432', LATCHKEY_REDIS_URL: 'redis:6379' };
    return Object.entries(arrows).filter(([setting]) => setting in shape).map(([, arrow]) => `${object.metadata.name} → ${arrow}`);
  });
  const amongNodes = ['broker → broker:4369', 'broker → broker:25672', 'database → database:5432', 'database → database:8000'];
  expect(found.sort()).toEqual([...wanted, 'migrate → database:5432', ...amongNodes].sort());
});

it('from other namespaces come browsers to the gateway, monitoring, KEDA and the operator of the database, to their ports alone', () => {
  const found = policies.flatMap(({ podSelector, ingress = [] }) =>
    ingress.flatMap(({ from = [{}], ports: open = [] }) =>
      from
        .filter((peer) => peer.podSelector === undefined)
        .map(({ namespaceSelector }) => [namespaceSelector?.matchLabels?.['kubernetes.io/metadata.name'], Object.values(podSelector.matchLabels ?? {}).join(), open.map(({ port }) => port).join()].join(' ')),
    ),
  );
  expect(found.sort()).toEqual([
    'cnpg-system latchkey-database 5432,8000',
    'ingress gateway http',
    'keda latchkey-broker 15672',
    'monitoring latchkey-broker 15692',
    'monitoring latchkey-database 9187',
    'monitoring service internal',
  ]);
});

it('out of the cluster go delivery workers, to ports of providers and never to a private address, and parts that ask Kubernetes', () => {
  const beyond = policies.flatMap(({ podSelector, egress = [] }) => egress.filter(({ to }) => to === undefined || to.some(({ ipBlock }) => ipBlock)).map((rule) => ({ podSelector, rule })));
  const leaving = parties.filter(({ labels }) => beyond.some(({ podSelector }) => selects(podSelector, labels))).map(({ name }) => name);
  expect(leaving.sort()).toEqual(['broker', 'database', 'delivery-email', 'delivery-sms']);
  const delivery = beyond.find(({ rule }) => rule.to);
  expect(delivery?.rule.to).toEqual([{ ipBlock: { cidr: '0.0.0.0/0', except: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16'] } }]);
  expect(delivery?.rule.ports).toEqual([{ port: 443 }, { port: 465 }, { port: 587 }]);
});

it('a pod that nobody thought of is shut off', () => {
  const stranger: Party = { name: 'stranger', labels: { app: 'stranger' }, ports: {} };
  for (const party of parties) for (const port of ports) expect([isAllowed(stranger, party, port), isAllowed(party, stranger, port)]).toEqual([false, false]);
});
