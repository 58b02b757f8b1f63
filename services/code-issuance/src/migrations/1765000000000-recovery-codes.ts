import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RecoveryCodes1765000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE recovery_codes (
        set_id uuid NOT NULL,
        code_hash text NOT NULL,
        login_id uuid NOT NULL,
        created_at timestamptz NOT NULL,
        used_at timestamptz,
        -- The request that used it, which is right once more when it is delivered again after a crash.
        used_by text,
        PRIMARY KEY (set_id, code_hash)
      )`);
    await runner.query('CREATE INDEX recovery_codes_login ON recovery_codes (login_id)');
    await runner.query('CREATE INDEX authenticators_login ON authenticators (login_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX authenticators_login');
    await runner.query('DROP TABLE recovery_codes');
  }
}
