import { outboxTableSql } from '@latchkey/messaging';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Providers, their accounts, the logins of those, and how each login gets its codes. */
export class CreateLogins1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE providers (
      id uuid PRIMARY KEY,
      name text NOT NULL,
      policy text NOT NULL DEFAULT 'optional' CHECK (policy IN ('optional', 'suggested', 'required')),
      contact_name text,
      contact_phone text,
      contact_email text
    )`);
    await runner.query(`CREATE TABLE accounts (
      id uuid PRIMARY KEY,
      provider_id uuid NOT NULL REFERENCES providers (id),
      name text NOT NULL
    )`);
    await runner.query('CREATE INDEX accounts_of_provider ON accounts (provider_id)');
    // Staff and operators have no account. The epochs only grow: what was given in an earlier one does not count.
    await runner.query(`CREATE TABLE logins (
      id uuid PRIMARY KEY,
      account_id uuid REFERENCES accounts (id),
      provider_id uuid NOT NULL REFERENCES providers (id),
      login_name text NOT NULL,
      login_name_key text NOT NULL UNIQUE,
      role text NOT NULL CHECK (role IN ('customer', 'account_owner', 'provider_staff', 'operator')),
      password_hash text NOT NULL,
      email_sealed text,
      email_masked text,
      locale text NOT NULL DEFAULT 'en',
      trust_epoch integer NOT NULL DEFAULT 0,
      session_epoch integer NOT NULL DEFAULT 0,
      created_at timestamptz NOT NULL DEFAULT now(),
      CHECK ((account_id IS NULL) = (role IN ('provider_staff', 'operator')))
    )`);
    await runner.query('CREATE INDEX logins_of_account ON logins (account_id)');
    await runner.query('CREATE INDEX logins_of_provider ON logins (provider_id)');
    await runner.query(`CREATE TABLE two_factor_methods (
      id uuid PRIMARY KEY,
      login_id uuid NOT NULL REFERENCES logins (id) ON DELETE CASCADE,
      kind text NOT NULL CHECK (kind IN ('sms', 'email', 'totp')),
      sealed_destination text CHECK ((sealed_destination IS NULL) = (kind = 'totp')),
      hint text NOT NULL,
      is_default boolean NOT NULL DEFAULT false,
      confirmed_at timestamptz,
      created_at timestamptz NOT NULL DEFAULT now(),
      CHECK (confirmed_at IS NOT NULL OR NOT is_default)
    )`);
    // One that counts and one that waits for its code, of each kind.
    await runner.query('CREATE UNIQUE INDEX confirmed_method_of_kind ON two_factor_methods (login_id, kind) WHERE confirmed_at IS NOT NULL');
    await runner.query('CREATE UNIQUE INDEX waiting_method_of_kind ON two_factor_methods (login_id, kind) WHERE confirmed_at IS NULL');
    await runner.query(outboxTableSql);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE outbox, two_factor_methods, logins, accounts, providers');
  }
}
