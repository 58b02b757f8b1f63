import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Deliveries1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE deliveries (
        message_id uuid PRIMARY KEY,
        attempt_id uuid NOT NULL,
        login_id uuid NOT NULL,
        method_id uuid NOT NULL,
        channel text NOT NULL,
        purpose text NOT NULL,
        masked_destination text NOT NULL,
        state text NOT NULL CHECK (state IN ('asking', 'retrying', 'accepted', 'delivered', 'failed', 'expired')),
        provider text NOT NULL,
        provider_message_id text,
        -- How often a provider was asked, and how often the answer was lost: each of those may have been a second send.
        asks integer NOT NULL DEFAULT 1,
        unknowns integer NOT NULL DEFAULT 0,
        unknown_at timestamptz,
        failure text,
        queued_at timestamptz NOT NULL,
        asked_at timestamptz NOT NULL,
        settled_at timestamptz,
        expires_at timestamptz NOT NULL
      )`);
    await runner.query('CREATE INDEX deliveries_attempt ON deliveries (attempt_id, queued_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE deliveries');
  }
}
