// Better Auth as its documentation sets it up for production, in one Node process: Postgres, sessions and pending second
// factors in Redis (secondary storage), passwords with argon2id through the same library and cost as Latchkey's.
import { Agent, createServer, request } from 'node:http';
import { hash, verify } from '@node-rs/argon2';
import { betterAuth } from 'better-auth';
import { symmetricEncrypt } from 'better-auth/crypto';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import { twoFactor } from 'better-auth/plugins';
import { Redis } from 'ioredis';
import pg from 'pg';

const { PEER_PORT, PEER_DATABASE_URL, PEER_REDIS_URL, PEER_SECRET, PEER_SNS_URL } = process.env;
// argon2id is what the package takes when nothing is said.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

const pool = new pg.Pool({ connectionString: PEER_DATABASE_URL, max: 10 });
// Counting statements restarts Postgres; the pool connects again by itself.
pool.on('error', () => undefined);
const redis = new Redis(PEER_REDIS_URL);
const agent = new Agent({ keepAlive: true });

/** One request in the form of Amazon SNS, unsigned: less work than any provider's own library does. */
function text(to, message) {
  const body = new URLSearchParams({ Action: 'Publish', PhoneNumber: to, Message: message }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) };
  const outgoing = request(PEER_SNS_URL, { method: 'POST', agent, headers }, (response) => response.resume());
  outgoing.on('error', (error) => console.error(`text not sent: ${error.message}`));
  outgoing.end(body);
}

const options = {
  baseURL: `http://localhost:${PEER_PORT}`,
  secret: PEER_SECRET,
  database: pool,
  secondaryStorage: {
    get: (key) => redis.get(key),
    set: async (key, value, seconds) => void (seconds ? await redis.set(key, value, 'EX', seconds) : await redis.set(key, value)),
    delete: async (key) => void (await redis.del(key)),
    getAndDelete: (key) => redis.getdel(key),
  },
  emailAndPassword: {
    enabled: true,
    password: { hash: (password) => hash(password, cost), verify: ({ hash: stored, password }) => verify(stored, password) },
  },
  user: { additionalFields: { phoneNumber: { type: 'string', required: false } } },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  logger: { level: 'error' },
  plugins: [
    twoFactor({
      // Not awaited, as its documentation advises: the answer does not wait for the provider.
      otpOptions: { storeOTP: 'hashed', sendOTP: ({ user, otp }) => text(user.phoneNumber, `Your code is ${otp}\n\n@localhost #${otp}`) },
    }),
  ],
};
const auth = betterAuth(options);

/** In bulk, as an import would; `secret` turns the authenticator app on, else it is by text. */
async function seed({ people, passwordHash }) {
  const { secretConfig } = await auth.$context;
  const ids = people.map(() => crypto.randomUUID());
  const emails = people.map(({ emailAddress }) => emailAddress);
  await pool.query(
    `INSERT INTO "user" (id, name, email, "emailVerified", "createdAt", "updatedAt", "twoFactorEnabled", "phoneNumber")
     SELECT id, email, email, true, now(), now(), true, phone FROM unnest($1::text[], $2::text[], $3::text[]) AS person (id, email, phone)`,
    [ids, emails, people.map(({ phoneNumber }) => phoneNumber)],
  );
  await pool.query(
    `INSERT INTO account (id, "accountId", "providerId", "userId", password, "createdAt", "updatedAt")
     SELECT gen_random_uuid()::text, id, 'credential', id, $2, now(), now() FROM unnest($1::text[]) AS person (id)`,
    [ids, passwordHash],
  );
  const withApp = people.map(({ secret }, index) => ({ secret, id: ids[index] })).filter(({ secret }) => secret);
  const sealed = await Promise.all(withApp.map(({ secret }) => symmetricEncrypt({ key: secretConfig, data: secret })));
  await pool.query(
    `INSERT INTO "twoFactor" (id, secret, "backupCodes", "userId", verified, "failedVerificationCount")
     SELECT gen_random_uuid()::text, secret, '', id, true, 0 FROM unnest($1::text[], $2::text[]) AS app (id, secret)`,
    [withApp.map(({ id }) => id), sealed],
  );
  await pool.query('ANALYZE');
}

const { runMigrations } = await getMigrations(options);
await runMigrations();
process.once('message', (message) => seed(message).then(() => process.send('seeded')));
// Whoever started it has ended.
process.once('disconnect', () => process.exit(0));
createServer(toNodeHandler(auth)).listen(Number(PEER_PORT), '127.0.0.1', () => process.send('listening'));
