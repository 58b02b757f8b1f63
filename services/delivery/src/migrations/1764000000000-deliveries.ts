import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Deliveries1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE deliveries (
        message_id uuid NOT NULL,
        -- When the message was made, out of its id: who has the id knows the partition.
        queued_at timestamptz NOT NULL,
        attempt_id uuid NOT NULL,
        login_id uuid NOT NULL,
        method_id uuid NOT NULL,
        channel text NOT NULL,
        purpose text NOT NULL,
        masked_destination text NOT NULL,
        country text,
        segments integer,
        state text NOT NULL CHECK (state IN ('asking', 'retrying', 'accepted', 'delivered', 'failed', 'expired')),
        -- The one asked last; those before it are in earlier, with what came of each.
        provider text NOT NULL,
        provider_message_id text,
        earlier jsonb,
        -- How often a provider was asked, and how often the answer was lost: each of those may have been a second send.
        asks integer NOT NULL DEFAULT 1,
        unknowns integer NOT NULL DEFAULT 0,
        cost_micros bigint,
        failure text,
        asked_at timestamptz NOT NULL,
        unknown_at timestamptz,
        accepted_at timestamptz,
        -- When the page proposed another method because this one took long.
        suggested_at timestamptz,
        settled_at timestamptz,
        -- When the attempt was over because its code was entered.
        used_at timestamptz,
        expires_at timestamptz NOT NULL,
        -- Set only where the provider tells of receipts: what a receipt finds the row by.
        receipt_key text,
        -- When somebody has to look at the row again; null when nothing is to be done.
        due_at timestamptz,
        -- The sealed message, while another provider may have to send it. Wiped with the last thing to be done.
        kept_message jsonb,
        PRIMARY KEY (message_id, queued_at),
        CONSTRAINT deliveries_kept_only_while_due CHECK (kept_message IS NULL OR due_at IS NOT NULL)
      ) PARTITION BY RANGE (queued_at)`);
    // For what is queued at an odd time; the days make partitions of their own as they come.
    await runner.query('CREATE TABLE deliveries_default PARTITION OF deliveries DEFAULT');
    await runner.query('CREATE INDEX deliveries_attempt ON deliveries (attempt_id)');
    await runner.query('CREATE INDEX deliveries_receipt ON deliveries (receipt_key) WHERE receipt_key IS NOT NULL');
    await runner.query('CREATE INDEX deliveries_earlier ON deliveries USING gin (earlier jsonb_path_ops) WHERE earlier IS NOT NULL');
    await runner.query('CREATE INDEX deliveries_due ON deliveries (due_at) WHERE due_at IS NOT NULL');
    // Receipts that came before the answer they belong to was written down.
    await runner.query(`
      CREATE TABLE early_receipts (
        receipt_key text PRIMARY KEY,
        outcome text NOT NULL CHECK (outcome IN ('delivered', 'failed')),
        reason text,
        received_at timestamptz NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE provider_states (
        worker text NOT NULL,
        provider text NOT NULL,
        channels text[] NOT NULL,
        circuit text NOT NULL CHECK (circuit IN ('closed', 'half_open', 'open')),
        changed_at timestamptz NOT NULL,
        seen_at timestamptz NOT NULL,
        PRIMARY KEY (worker, provider)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE provider_states, early_receipts, deliveries');
  }
}
