import type { FastifyInstance } from 'fastify';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

const secondsBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const stream = '/v1/login/events';
/** The way in, of which the service level is measured. */
const loginRoutes = ['/v1/login', '/v1/login/send-code', '/v1/login/verify-code'];

/** What an operator sees of the public port. */
export class GatewayMetrics {
  private readonly requests: Histogram<'route' | 'method' | 'status'>;
  private readonly limited: Counter;
  private readonly registers: Registry[];

  constructor(registry: Registry) {
    const registers = (this.registers = [registry]);
    const labelNames = ['route', 'method', 'status'] as const;
    this.requests = new Histogram({ name: 'latchkey_http_requests_seconds', help: 'HTTP requests by route, method and class of status, from the first byte to the end of the answer', labelNames, buckets: secondsBuckets, registers });
    this.limited = new Counter({ name: 'latchkey_http_logins_limited_total', help: 'Logins answered with 503 because there were too many at once', registers });
    // What appears with its first failure has not grown.
    for (const route of loginRoutes) for (const status of ['2xx', '4xx', '5xx']) this.requests.zero({ route, method: 'POST', status });
  }

  /** Every answer of the server. An event stream lasts as long as its page, which is no latency, so only its refusals count. */
  watchRequests(server: FastifyInstance): void {
    server.addHook('onResponse', (request, reply, done) => {
      const route = routeOf(request.routeOptions.url);
      const isStream = route === stream && reply.statusCode === 200;
      const method = methods.has(request.method) ? request.method : 'other';
      if (!isStream) this.requests.observe({ route, method, status: `${Math.floor(reply.statusCode / 100)}xx` }, reply.elapsedTime / 1_000);
      done();
    });
  }

  loginLimited(): void {
    this.limited.inc();
  }

  watchLogins(limit: { inside: number; allowed: number }): void {
    this.watch('latchkey_http_logins_inside', 'Logins under way', () => limit.inside);
    this.watch('latchkey_http_logins_allowed', 'Logins that may be under way at once, as the gateway has found out', () => limit.allowed);
  }

  watchStreams(open: () => number): void {
    this.watch('latchkey_event_streams_open', 'Pages that watch the delivery of their code', open);
  }

  private watch(name: string, help: string, value: () => number): void {
    new Gauge({
      name,
      help,
      registers: this.registers,
      collect() {
        this.set(value());
      },
    });
  }
}

/** The pattern of a route, never an address; the files of the website are one. */
function routeOf(url: string | undefined): string {
  if (url === undefined || url === '*') return 'unmatched';
  return url.startsWith('/v1/') || url === '/openapi.json' || url === '/docs' ? url : 'website';
}
