import pg from 'pg';
import { DataSource, type MigrationInterface } from 'typeorm';
import { PreparingClient } from './prepared-statements.ts';

type Migration = new () => MigrationInterface;

/** One service's own schema, through its own role. */
export function createDataSource(options: { url: string; schema: string; migrations: Migration[]; poolSize?: number; service: string }): DataSource {
  return new DataSource({
    type: 'postgres',
    // Given, since TypeORM would look for it by name at run time, and a bundle has no packages beside it.
    driver: pg,
    url: options.url,
    schema: options.schema,
    migrations: options.migrations,
    migrationsTableName: 'migrations',
    applicationName: `latchkey-${options.service}`,
    poolSize: options.poolSize ?? 10,
    // A query that takes longer is as good as a database that is away; the caller answers 503.
    extra: { Client: PreparingClient, connectionTimeoutMillis: 3_000, query_timeout: 4_000, statement_timeout: 4_000, idle_in_transaction_session_timeout: 10_000, options: `-c search_path=${options.schema}` },
    logging: false,
  });
}

/** Connects, trying again until the database is there: a service may be started before it. */
export async function initializeWhenReady(dataSource: DataSource, waiting: (error: Error) => void): Promise<void> {
  for (;;) {
    try {
      await dataSource.initialize();
      return;
    } catch (error) {
      waiting(error as Error);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }
}
