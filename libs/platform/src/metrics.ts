import { Gauge, type Registry } from 'prom-client';
import type { DataSource } from 'typeorm';

/** What is read of the pool that TypeORM keeps: node-postgres' own counts. */
interface Pool {
  totalCount: number;
  idleCount: number;
  waitingCount: number;
}

/** Connections to Postgres of this process: how many are in use, and how many queries wait for one. */
export function watchPool(registry: Registry, source: DataSource): void {
  new Gauge({
    name: 'latchkey_postgres_connections',
    help: 'Connections of the pool by state, and queries that wait for one',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      const pool = (source.driver as unknown as { master?: Pool }).master;
      if (!source.isInitialized || !pool) return this.reset();
      this.set({ state: 'used' }, pool.totalCount - pool.idleCount);
      this.set({ state: 'idle' }, pool.idleCount);
      this.set({ state: 'waiting' }, pool.waitingCount);
    },
  });
}
