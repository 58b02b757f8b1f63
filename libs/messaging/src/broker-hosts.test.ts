import { expect, it } from 'vitest';
import { BrokerHosts } from './broker-hosts.ts';

const three = 'amqp://u:p@a:1/v,amqp://u:p@b:2/v, amqp://u:p@c:3/v';

it('every node is tried before any is tried again', () => {
  const hosts = new BrokerHosts(three);
  const tried = Array.from({ length: 6 }, () => {
    const name = hosts.name;
    hosts.next();
    return name;
  });
  expect(new Set(tried.slice(0, 3))).toEqual(new Set(['a:1', 'b:2', 'c:3']));
  expect(tried.slice(3)).toEqual(tried.slice(0, 3));
});

it('processes begin with different nodes, each as often as the others', () => {
  const counts = new Map<string, number>();
  for (let process = 0; process < 3_000; process += 1) {
    const { name } = new BrokerHosts(three);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  for (const count of counts.values()) expect(count).toBeGreaterThan(850);
  expect(counts.size).toBe(3);
});

it('what the next node does not have in common with the last one is taken from its own URL', () => {
  const hosts = new BrokerHosts('amqps://first:p%40ss@a/one?heartbeat=20,amqp://second@[::1]:5673/two%2F2', () => 0.999);
  expect(hosts.current).toMatchObject({ protocol: 'amqps', hostname: 'a', port: 5671, username: 'first', password: 'p@ss', vhost: 'one', heartbeat: 20 });
  hosts.next();
  expect(hosts.current).toMatchObject({ protocol: 'amqp', hostname: '::1', port: 5673, username: 'second', password: '', vhost: 'two%2F2', heartbeat: 5 });
});

it('the name of a node, which goes into logs, has no credentials', () => {
  expect(new BrokerHosts('amqp://user:secret@host:5672/v').name).toBe('host:5672');
});
