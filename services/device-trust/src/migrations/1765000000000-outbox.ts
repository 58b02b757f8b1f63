import { outboxTableSql } from '@latchkey/messaging';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Outbox1765000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(outboxTableSql);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE outbox');
  }
}
