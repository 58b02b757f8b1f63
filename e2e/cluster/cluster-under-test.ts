import { testVhost, type TestVhost } from '@latchkey/testing';
import { type BrokerCluster, openCluster } from '@latchkey/tools';
import { inject } from 'vitest';

export type ClusterUnderTest = BrokerCluster & {
  vhost: TestVhost;
  /** All nodes, as a service gets them. */
  url: string;
  /** Which node this is the port of. */
  nodeOf(host: string): number;
};

/** The cluster of this run, with a vhost of the test file's own. */
export async function clusterUnderTest(): Promise<ClusterUnderTest> {
  const cluster = openCluster(inject('latchkeyCluster'));
  const vhost = await testVhost();
  const urls = cluster.urls.map((url) => Object.assign(new URL(url), { pathname: `/${vhost.name}` }).href);
  return { ...cluster, urls, vhost, url: urls.join(','), nodeOf: (host) => urls.findIndex((url) => new URL(url).host === host) };
}

/** `0`, `1`, `2` … members of each lasting queue that are up. */
export async function membersUp(cluster: ClusterUnderTest): Promise<Record<string, number>> {
  const rows = await cluster.rabbitmqctl('list_queues', '--no-table-headers', '--vhost', cluster.vhost.name, 'name', 'type', 'online');
  const queues = rows.trim().split('\n').map((row) => row.split('\t'));
  return Object.fromEntries(queues.filter(([, type]) => type === 'quorum').map(([name, , online = '']) => [name, online.split('@').length - 1]));
}
