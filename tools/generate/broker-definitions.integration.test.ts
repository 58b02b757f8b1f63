import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BrokerConnection, declareTopology } from '@latchkey/messaging';
import { eventually, testVhost, type TestVhost } from '@latchkey/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { rootDirectory } from '../paths.ts';
import { type brokerDefinitions, lastingQueues } from './broker-definitions.ts';

type Definitions = ReturnType<typeof brokerDefinitions>;
const file = readFileSync(join(rootDirectory, 'deploy/rabbitmq/definitions.json'), 'utf8');

let vhost: TestVhost;
let connection: BrokerConnection;
let complaints: string[];

beforeEach(async () => {
  vhost = await testVhost();
  complaints = [];
  const complain = (details: object, message: string) => complaints.push(`${message} ${JSON.stringify(details)}`);
  connection = new BrokerConnection({ url: vhost.url, name: 'definitions', logger: { info: () => undefined, warn: complain, error: complain } });
});
afterEach(async () => {
  await connection.close();
  await vhost.delete();
});

/** Into a vhost of the test's own, whichever one the file names. */
async function load(definitions: string): Promise<void> {
  const response = await vhost.manage('POST', 'definitions', JSON.parse(definitions) as object);
  expect(response.status, await response.text()).toBeLessThan(300);
}

/** What the broker has, in the form and order of the file. */
async function held(): Promise<Definitions> {
  const response = await vhost.manage('GET', 'definitions');
  expect(response.status).toBe(200);
  return sorted((await response.json()) as Definitions);
}

function sorted({ exchanges, queues, bindings }: Definitions): Definitions {
  const order = <T extends object>(list: T[]) =>
    list
      .map(({ vhost: _vhost, ...item }: T & { vhost?: string }) => JSON.stringify(Object.fromEntries(Object.entries(item).sort(([one], [other]) => (one < other ? -1 : 1)))))
      .sort()
      .map((text) => JSON.parse(text) as T);
  const withSortedArguments = queues.map((queue) => ({ ...queue, arguments: Object.fromEntries(Object.entries(queue.arguments).sort(([one], [other]) => (one < other ? -1 : 1))) }));
  return { vhosts: [], exchanges: order(exchanges), queues: order(withSortedArguments), bindings: order(bindings) };
}

it('the broker takes the definitions of deploy, all of them', async () => {
  await load(file);
  expect(await held()).toEqual(sorted(JSON.parse(file) as Definitions));
});

it('services connect on top of them and add their queues of requests only', async () => {
  await load(file);
  const before = await held();
  await connection.open();
  await connection.whenConnected(10_000);
  expect(complaints).toEqual([]);
  const after = await held();
  const topology = declareTopology();
  const requests = topology.queues.filter((queue) => !lastingQueues(topology).includes(queue));
  expect(requests.map(({ name }) => name).join()).toMatch(/^(latchkey\.requests\.[\w.-]+,?){4}$/);
  expect(after).toEqual(sorted({ ...before, queues: [...before.queues, ...requests.map((queue) => ({ ...queue, vhost: vhost.name, auto_delete: false }))] }));
});

it('a queue that the definitions make otherwise keeps services out', async () => {
  await load(file.replace('"x-delivery-limit": 20', '"x-delivery-limit": 21'));
  await connection.open();
  await eventually(() => expect(complaints.join()).toMatch(/PRECONDITION_FAILED - inequivalent arg 'x-delivery-limit' for queue 'delivery.sms'/));
  expect(connection.connected).toBe(false);
});
