import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Notices are in the ledger as well: of no attempt and no method, and with the kind of the notice as their purpose. */
export class Notices1764100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE deliveries ALTER COLUMN attempt_id DROP NOT NULL, ALTER COLUMN method_id DROP NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM deliveries WHERE attempt_id IS NULL OR method_id IS NULL');
    await runner.query('ALTER TABLE deliveries ALTER COLUMN attempt_id SET NOT NULL, ALTER COLUMN method_id SET NOT NULL');
  }
}
