import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Invitations, resets, recovery codes, brands, links in emails, and the timeline of each login. */
export class WholeProduct1764100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE providers ADD COLUMN brand jsonb NOT NULL DEFAULT '{}'`);
    // The id of an account in the system it was imported from: its logins find each other by it, over several files and runs.
    await runner.query('ALTER TABLE accounts ADD COLUMN created_at timestamptz NOT NULL DEFAULT now(), ADD COLUMN external_id text');
    await runner.query('CREATE UNIQUE INDEX account_of_external_id ON accounts (provider_id, external_id) WHERE external_id IS NOT NULL');
    // No password: an invitation that was not accepted yet. Such a login is unknown to whoever tries to get in.
    await runner.query(`ALTER TABLE logins
      ALTER COLUMN password_hash DROP NOT NULL,
      ADD COLUMN new_password_required boolean NOT NULL DEFAULT false,
      ADD COLUMN recovery_set_id uuid,
      ADD COLUMN last_login_at timestamptz`);
    await runner.query('CREATE INDEX logins_in_order ON logins (provider_id, login_name_key)');
    await runner.query('DROP INDEX logins_of_provider');
    await runner.query('CREATE INDEX accounts_in_order ON accounts (provider_id, created_at, id)');
    await runner.query('DROP INDEX accounts_of_provider');
    // Links that were emailed: whoever has the secret may do what the kind says, once, until it expires.
    await runner.query(`CREATE TABLE links (
      token_hash text PRIMARY KEY,
      login_id uuid NOT NULL REFERENCES logins (id) ON DELETE CASCADE,
      kind text NOT NULL CHECK (kind IN ('invitation', 'new_password', 'not_me')),
      expires_at timestamptz NOT NULL
    )`);
    await runner.query('CREATE INDEX links_of_login ON links (login_id, kind)');
    await runner.query('CREATE INDEX links_by_end ON links (expires_at)');
    // Written from facts alone, appended only; no reference to logins, whose removal is part of the story.
    await runner.query(`CREATE TABLE activity (
      id uuid NOT NULL,
      login_id uuid NOT NULL,
      at timestamptz NOT NULL,
      kind text NOT NULL,
      attempt_id uuid,
      correlation_id uuid NOT NULL,
      by_kind text NOT NULL,
      by_name text,
      device_id uuid,
      device_name text,
      ip text,
      detail jsonb NOT NULL DEFAULT '{}',
      PRIMARY KEY (id, at)
    ) PARTITION BY RANGE (at)`);
    await runner.query('CREATE INDEX activity_of_login ON activity (login_id, at DESC, id DESC)');
    await runner.query('CREATE INDEX activity_of_story ON activity (correlation_id, at)');
    await runner.query('CREATE TABLE activity_default PARTITION OF activity DEFAULT');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE activity, links');
    await runner.query('CREATE INDEX accounts_of_provider ON accounts (provider_id)');
    await runner.query('DROP INDEX accounts_in_order');
    await runner.query('CREATE INDEX logins_of_provider ON logins (provider_id)');
    await runner.query('DROP INDEX logins_in_order');
    await runner.query('DELETE FROM logins WHERE password_hash IS NULL');
    await runner.query(`ALTER TABLE logins DROP COLUMN new_password_required, DROP COLUMN recovery_set_id, DROP COLUMN last_login_at, ALTER COLUMN password_hash SET NOT NULL`);
    await runner.query('ALTER TABLE accounts DROP COLUMN created_at, DROP COLUMN external_id');
    await runner.query('ALTER TABLE providers DROP COLUMN brand');
  }
}
