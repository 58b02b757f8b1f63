import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What operators did. Only ever added to; no reference to logins, whose removal does not take it along. */
export class Audit1764200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE audit (
      id uuid PRIMARY KEY,
      at timestamptz NOT NULL,
      login_id uuid NOT NULL,
      login_name text NOT NULL,
      action text NOT NULL,
      target jsonb NOT NULL
    )`);
    await runner.query('CREATE INDEX audit_in_order ON audit (at DESC)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE audit');
  }
}
