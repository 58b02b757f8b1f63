import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Authenticators1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE authenticators (
        method_id uuid PRIMARY KEY,
        login_id uuid NOT NULL,
        sealed_secret text NOT NULL,
        -- The latest 30-second step whose code was accepted; it and older ones are refused (RFC 6238 5.2).
        last_step bigint NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE authenticators');
  }
}
