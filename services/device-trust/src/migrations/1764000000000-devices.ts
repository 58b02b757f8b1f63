import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Devices1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE browsers (
        id uuid PRIMARY KEY,
        secrets jsonb NOT NULL,
        created_at timestamptz NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE devices (
        id uuid PRIMARY KEY,
        browser_id uuid NOT NULL REFERENCES browsers (id),
        login_id uuid NOT NULL,
        client text NOT NULL,
        name text NOT NULL,
        browser text,
        os text,
        first_seen_at timestamptz NOT NULL,
        last_seen_at timestamptz NOT NULL,
        last_ip text NOT NULL,
        trusted_until timestamptz,
        trust_epoch integer,
        UNIQUE (login_id, browser_id)
      )`);
    await runner.query('CREATE INDEX devices_browser ON devices (browser_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE devices');
    await runner.query('DROP TABLE browsers');
  }
}
