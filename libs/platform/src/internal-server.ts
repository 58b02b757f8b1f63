import Fastify from 'fastify';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

export type HealthCheck = () => Promise<boolean> | boolean;

export interface InternalServer {
  registry: Registry;
  close(): Promise<void>;
}

/** `/health/live`, `/health/ready` and `/metrics` of one process, on a port that is never public. */
export async function startInternalServer(options: { host: string; port: number; checks: Record<string, HealthCheck>; registry?: Registry }): Promise<InternalServer> {
  const registry = options.registry ?? new Registry();
  collectDefaultMetrics({ register: registry });
  watchChecks(registry, options.checks);
  const server = Fastify({ logger: false });
  server.get('/health/live', () => ({ status: 'live' }));
  server.get('/health/ready', async (_request, reply) => {
    const results = await Promise.all(
      Object.entries(options.checks).map(async ([name, check]) => [name, await outcomeOf(check)] as const),
    );
    const ready = results.every(([, ok]) => ok);
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not_ready', checks: Object.fromEntries(results) });
  });
  server.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()));
  await server.listen({ host: options.host, port: options.port });
  return { registry, close: () => server.close() };
}

/** What readiness is made of, told one by one. */
function watchChecks(registry: Registry, checks: Record<string, HealthCheck>): void {
  new Gauge({
    name: 'latchkey_ready',
    help: 'Whether a part that this process needs is there: 1 or 0',
    labelNames: ['part'],
    registers: [registry],
    async collect() {
      await Promise.all(Object.entries(checks).map(async ([part, check]) => this.set({ part }, Number(await outcomeOf(check)))));
    },
  });
}

/** A part that does not answer in this time, in milliseconds, is away. */
const partWithinMs = 2_000;

const outcomeOf = (check: HealthCheck): Promise<boolean> => Promise.race([Promise.resolve().then(check).catch(() => false), noAfter(partWithinMs)]);

const noAfter = (ms: number): Promise<false> => new Promise((resolve) => setTimeout(resolve, ms, false).unref());
