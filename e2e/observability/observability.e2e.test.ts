import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { eventually } from '@latchkey/testing';
import { openSystem } from '@latchkey/tools';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoPassword } from '../api-client.ts';
import { newClient, ownerCode, signInOwner, signInTrusted, system, wrongCodeFor } from '../demo.ts';
import { newPerson, turnOnTwoFactor } from '../people.ts';
import { Prometheus } from './prometheus.ts';

type Panel = { type: string; title: string; targets?: { expr: string }[] };
const folder = join(import.meta.dirname, '../../deploy/observability/grafana/dashboards');
const panels = readdirSync(folder).flatMap((file) => {
  const { title, panels } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { title: string; panels: Panel[] };
  return panels.flatMap((panel) => (panel.targets ?? []).map(({ expr }) => ({ name: `${title} / ${panel.title}: ${expr}`, expr })));
});

let prometheus: Prometheus;
let jobs: string[];

beforeAll(async () => {
  const { brokerMetricsPorts: broker, instance } = system();
  const { internalPorts } = openSystem(instance);
  const { inbox: _inbox, ...services } = internalPorts;
  jobs = Object.keys(services);
  prometheus = await Prometheus.start({ ...services, broker, 'broker-queues': broker });
  // A rate is of two looks: what was counted before the first one is not seen to grow.
  await eventually(async () => (await prometheus.targets()).filter(({ health }) => health === 'up').length === jobs.length + 2 * broker.length, { timeoutMs: 20_000, what: 'every target being up' });
  await useTheSystem();
  await wait(2_500);
});
afterAll(() => prometheus.stop());

/** A bit of everything that the dashboards show, with passwords and codes that are wrong and a text that is refused. */
async function useTheSystem(): Promise<void> {
  const person = await newPerson('watched');
  await turnOnTwoFactor(person, { kind: 'email', emailAddress: person.emailAddress });
  const client = newClient();
  await client.post('/v1/login', { loginName: 'owner', password: 'wrong' });
  const { attempt, methodId, code } = await ownerCode(client);
  await client.post('/v1/login/verify-code', { attempt, methodId, code: wrongCodeFor(code) });
  await client.post('/v1/login/verify-code', { attempt, methodId, code });
  await client.get('/v1/activity');
  await signInTrusted(newClient());
  await signInOwner(newClient());

  const unlucky = newClient();
  const other = await newPerson('unlucky');
  await unlucky.post('/v1/login', { loginName: other.loginName, password: demoPassword });
  const refused = await unlucky.post('/v1/two-factor/methods', { password: demoPassword, kind: 'sms', phoneNumber: '+14159990002' });
  expect(refused.status).toBe(201);
}

/** Whether there is a number in the answer; a share of nothing is none. */
const tells = async (expression: string) => (await prometheus.query(expression)).some(({ value }) => Number.isFinite(Number(value[1])));
/** As Grafana fills it in, for a look at each second; once for each service that can be chosen. */
const filledIn = (expression: string) => {
  const timed = expression.replaceAll('$__rate_interval', '2m');
  return timed.includes('$job') ? jobs.map((job) => timed.replaceAll('$job', job)) : [timed];
};
const untilItTells = (expressions: string[], withinMs = 10_000) =>
  eventually(async () => (await Promise.all(expressions.map(tells))).includes(true), { timeoutMs: withinMs, everyMs: 500, what: expressions[0]! });

describe('every panel of every dashboard shows something', () => {
  it('there are panels', () => expect(panels.length).toBeGreaterThan(60));

  it.each(panels)('$name', async ({ expr }) => {
    const unknown = /\$(?!__rate_interval|job\b)\w*/.exec(expr);
    expect(unknown).toBeNull();
    await untilItTells(filledIn(expr));
  });
});

it('every target of prometheus.yml is read without an error', async () => {
  const targets = await prometheus.targets();
  expect(targets.filter(({ health }) => health !== 'up')).toEqual([]);
  expect(targets.map(({ labels }) => labels.job).sort()).toEqual([...jobs, ...system().brokerMetricsPorts.flatMap(() => ['broker', 'broker-queues'])].sort());
});

it('every rule is evaluated without an error, and each one that records has something to record', async () => {
  await eventually(async () => (await prometheus.rules()).every(({ health }) => health === 'ok'), { timeoutMs: 5_000, what: 'rules that work' });
  const recording = (await prometheus.rules()).filter(({ type }) => type === 'recording');
  expect(recording.length).toBeGreaterThan(10);
  for (const { name, labels = {}, query } of recording) {
    // A sum over half minutes has something at the first full one.
    await untilItTells([query], 40_000);
    await untilItTells([`${name}{${Object.entries(labels).map(([label, value]) => `${label}="${value}"`).join(',')}}`]);
  }
});

it('every alert asks for metrics that there are, with labels that they have', async () => {
  const alerts = (await prometheus.rules()).filter(({ type }) => type === 'alerting');
  expect(alerts.length).toBeGreaterThan(20);
  for (const { name, query } of alerts) {
    const selectors = query.match(/\b(up|latchkey|nodejs|rabbitmq|slo)\b[\w:]*(\{[^}]*\})?|\b(latchkey|nodejs|rabbitmq)_\w+(\{[^}]*\})?/g) ?? [];
    expect(selectors.length, name).toBeGreaterThan(0);
    for (const selector of selectors) expect((await prometheus.query(selector)).length, `${name}: ${selector}`).toBeGreaterThan(0);
  }
});

it('one text that a provider refuses is seen by the service level, and is no reason to wake anybody', async () => {
  await untilItTells(['slo:bad:rate5m{slo="code-success"} > 0']);
  await untilItTells(['sum(rate(latchkey_delivery_settled_total{channel="sms", kind="code", end="failed"}[1m])) > 0']);
  expect(await prometheus.query('ALERTS{alertstate="firing"}')).toEqual([]);
});
