import type { ServiceName } from '@latchkey/tools';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { system } from '../demo.ts';
import { addLogins } from '../many-logins.ts';
import { running, waitingIn } from './faults.ts';
import { Replica } from './replica.ts';
import { SteadyLoad, textsOf } from './steady-load.ts';

const restarted: ServiceName[] = ['gateway', 'auth', 'code-issuance', 'device-trust', 'delivery-sms'];
const second = new Map<ServiceName, Replica>();
let watching: NodeJS.Timeout;

beforeAll(async () => {
  for (const name of restarted) second.set(name, await Replica.of(running().services[name]));
});
afterAll(async () => {
  clearInterval(watching);
  for (const replica of second.values()) await replica.stop();
});

it('every service restarted one after the other, two replicas each, under load: no failed request, no lost message', { timeout: 180_000 }, async () => {
  const { services } = running();
  const taking = readyGateways();
  const logins = await addLogins(running(), 1_000, 20_000);
  const load = new SteadyLoad(logins, () => taking.urls);
  load.start(4);
  for (const name of restarted) {
    await services[name].restart();
    await second.get(name)?.stop();
    await second.get(name)?.start();
  }
  await load.stop();

  const failed = load.results.filter(({ status }) => status !== 200);
  const texts = await textsOf(system().inboxUrl, load.promised.map(({ login }) => login), 30_000);
  console.table({ 'rolling restart': { logins: load.results.length, failed: failed.length, lost: texts.filter((count) => count === 0).length, second: texts.filter((count) => count > 1).length } });
  expect(failed.map(({ status, code }) => ({ status, code }))).toEqual([]);
  expect(load.promised).toHaveLength(load.results.length);
  expect(texts).toEqual(load.promised.map(() => 1));
  expect(await waitingIn('delivery.sms.dead')).toBe(0);
});

/** What a load balancer does: looks at each gateway often, and sends requests to those that are ready. */
function readyGateways(): { urls: readonly string[] } {
  const other = second.get('gateway');
  const taking = { urls: [system().baseUrl] };
  watching = setInterval(() => {
    void Promise.all([running().services.gateway.isReady(), other?.isReady()]).then(([first, alsoSecond]) => {
      taking.urls = [...(first ? [system().baseUrl] : []), ...(alsoSecond && other ? [other.baseUrl] : [])];
    });
  }, 200);
  return taking;
}
