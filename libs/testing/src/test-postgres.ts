import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { testStack, type TestStack } from './provided.ts';

export type TestDatabase = {
  /** As the role that owns the schema, whose schema is on its search path. */
  url: string;
  /** As an administrator. */
  adminUrl: string;
  drop(): Promise<void>;
};

/** A database of this test file's own with every role and schema in place: a copy of a prepared one (about 50 ms). */
export async function testPostgres({ schema }: { schema: keyof TestStack['roleUrls'] }): Promise<TestDatabase> {
  const { postgresUrl, roleUrls } = testStack();
  const template = new URL(roleUrls[schema]).pathname.slice(1);
  const database = `test_${schema}_${randomBytes(6).toString('hex')}`;
  await asAdmin(postgresUrl, async (admin) => {
    await admin.query(`CREATE DATABASE ${database} TEMPLATE ${template}`);
    // A copy does not bring along who may connect.
    await admin.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
    for (const role of Object.keys(roleUrls)) await admin.query(`GRANT CONNECT ON DATABASE ${database} TO latchkey_${role}`);
  });
  return {
    url: withDatabase(roleUrls[schema], database),
    adminUrl: withDatabase(postgresUrl, database),
    drop: () => asAdmin(postgresUrl, async (admin) => void (await admin.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`))),
  };
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.toString();
}

async function asAdmin(url: string, work: (admin: pg.Client) => Promise<void>): Promise<void> {
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}
