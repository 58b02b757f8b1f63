import type { FastifyInstance } from 'fastify';

interface Route {
  method: string;
  url: string;
}

/** Remembers the routes, to tell a wrong method (405) from a wrong path (404). */
export class RouteTable {
  readonly routes: Route[] = [];
  private readonly patterns: { method: string; pattern: RegExp }[] = [];

  /** Knows every route that is added to the server from here on. */
  constructor(server: FastifyInstance) {
    server.addHook('onRoute', ({ method: methods, url }) => {
      if (url.includes('*')) return;
      const pattern = new RegExp(`^${url.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/:\w+/g, '[^/]+')}$`);
      for (const method of [methods].flat()) {
        this.routes.push({ method, url });
        this.patterns.push({ method, pattern });
      }
    });
  }

  methodsOf(path: string): string[] {
    return [...new Set(this.patterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))];
  }
}
