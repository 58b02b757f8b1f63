import Fastify from 'fastify';
import { collectDefaultMetrics, Registry } from 'prom-client';

export type HealthCheck = () => Promise<boolean> | boolean;

export interface InternalServer {
  registry: Registry;
  close(): Promise<void>;
}

/** `/health/live`, `/health/ready` and `/metrics` of one process, on a port that is never public. */
export async function startInternalServer(options: { host: string; port: number; checks: Record<string, HealthCheck>; registry?: Registry }): Promise<InternalServer> {
  const registry = options.registry ?? new Registry();
  collectDefaultMetrics({ register: registry });
  const server = Fastify({ logger: false });
  server.get('/health/live', () => ({ status: 'live' }));
  server.get('/health/ready', async (_request, reply) => {
    const results = await Promise.all(
      Object.entries(options.checks).map(async ([name, check]) => [name, await Promise.resolve().then(check).catch(() => false)] as const),
    );
    const ready = results.every(([, ok]) => ok);
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not_ready', checks: Object.fromEntries(results) });
  });
  server.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()));
  await server.listen({ host: options.host, port: options.port });
  return { registry, close: () => server.close() };
}
