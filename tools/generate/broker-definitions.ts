import type { Topology } from '@latchkey/messaging';

/**
 * What lasts of the topology, in the form that `rabbitmqctl import_definitions` and the management plugin take. Queues of
 * requests are left out, since they are gone a minute after their service; users too, since passwords don't belong here.
 */
export function brokerDefinitions(topology: Topology, vhost: string) {
  return {
    vhosts: [{ name: vhost }],
    exchanges: topology.exchanges.map(({ name, type }) => ({ name, vhost, type, durable: true, auto_delete: false, internal: false, arguments: {} })),
    queues: lastingQueues(topology).map(({ name, arguments: args }) => ({ name, vhost, durable: true, auto_delete: false, arguments: args })),
    bindings: topology.bindings.map(({ exchange, queue, routingKey }) => ({
      source: exchange,
      vhost,
      destination: queue,
      destination_type: 'queue',
      routing_key: routingKey,
      arguments: {},
    })),
  };
}

/** Without those that the broker deletes when nobody uses them. */
export const lastingQueues = ({ queues }: Topology) => queues.filter(({ durable, arguments: args }) => durable && args['x-expires'] === undefined);
