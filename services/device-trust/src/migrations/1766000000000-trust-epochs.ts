import type { MigrationInterface, QueryRunner } from 'typeorm';

export class TrustEpochs1766000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE trust_epochs (login_id uuid PRIMARY KEY, trust_epoch integer NOT NULL)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE trust_epochs');
  }
}
