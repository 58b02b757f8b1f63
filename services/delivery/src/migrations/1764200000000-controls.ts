import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What operators turned off, and the workers that follow it. */
export class Controls1764200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // A row: the provider is off, the channel paused, the worker draining. No row: all is as usual.
    await runner.query(`CREATE TABLE switched_off (
      kind text NOT NULL CHECK (kind IN ('provider', 'channel', 'worker')),
      name text NOT NULL,
      since timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (kind, name)
    )`);
    await runner.query(`CREATE TABLE workers (
      worker text PRIMARY KEY,
      channels text[] NOT NULL,
      in_flight integer NOT NULL,
      started_at timestamptz NOT NULL,
      seen_at timestamptz NOT NULL
    )`);
    // Operators look at the ledger from its end.
    await runner.query('CREATE INDEX deliveries_of_login ON deliveries (login_id, queued_at DESC)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX deliveries_of_login');
    await runner.query('DROP TABLE workers, switched_off');
  }
}
