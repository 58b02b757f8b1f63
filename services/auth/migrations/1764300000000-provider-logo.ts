import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A picture for the website; apart from `brand`, which is read with each login. */
export class ProviderLogo1764300000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE providers ADD COLUMN logo text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE providers DROP COLUMN logo');
  }
}
