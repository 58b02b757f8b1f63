import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SealingKeys } from '@latchkey/platform';
import { testPostgres, type TestDatabase } from '@latchkey/testing';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { rootDirectory } from '../paths.ts';
import { resealColumn } from './reseal.ts';
import { type ResealedService, sealedColumns } from './sealed-columns.ts';

const newKey = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;
const [oldKey, currentKey] = [newKey('old'), newKey('current')];
const old = new SealingKeys(oldKey);
const both = new SealingKeys(`${currentKey},${oldKey}`);
const current = new SealingKeys(currentKey);

const schemas = { auth: 'auth', 'code-issuance': 'codes', delivery: 'delivery' } as const;
const services = Object.keys(schemas) as ResealedService[];
const databases = new Map<ResealedService, { database: TestDatabase; client: pg.Client }>();
const clientOf = (service: ResealedService) => (databases.get(service) as { client: pg.Client }).client;

beforeAll(async () => {
  for (const service of services) {
    const database = await testPostgres({ schema: schemas[service] });
    const client = new pg.Client({ connectionString: database.url, options: `-c search_path=${schemas[service]}` });
    await client.connect();
    await client.query(tablesOf(service));
    databases.set(service, { database, client });
  }
});
afterAll(async () => {
  for (const { client, database } of databases.values()) {
    await client.end();
    await database.drop();
  }
});

/** The committed schema, whose tables stand in the order of the alphabet: without what one says of another. */
function tablesOf(service: ResealedService): string {
  return readFileSync(join(rootDirectory, `services/${service}/schema.sql`), 'utf8').replace(/,\n {2}CONSTRAINT \w+ FOREIGN KEY [^\n]*?(?=,?\n)/g, '');
}

const logins = 1_203;
beforeEach(async () => {
  const auth = clientOf('auth');
  await auth.query('TRUNCATE providers, logins, two_factor_methods, outbox');
  const provider = randomUUID();
  await auth.query(`INSERT INTO providers (id, name) VALUES ($1, 'Demo')`, [provider]);
  for (let number = 0; number < logins; number += 1) {
    const id = randomUUID();
    const address = `user${number}@mail.example`;
    const sealed = number % 10 === 0 ? null : await old.seal('destination', address);
    await auth.query(`INSERT INTO logins (id, provider_id, login_name, login_name_key, role, email_sealed) VALUES ($1, $2, $3, $3, 'operator', $4)`, [id, provider, address, sealed]);
    if (number < 7) await auth.query(`INSERT INTO two_factor_methods (id, login_id, kind, sealed_destination, hint) VALUES ($1, $2, 'email', $3, '')`, [randomUUID(), id, await old.seal('destination', address)]);
  }
  const payload = { sealedDestination: await old.seal('destination', 'a@b.example'), sealedArguments: await old.seal('notice', '{"ü":1}'), text: 'not.sealed..at.all "quoted" $& ü' };
  await auth.query('INSERT INTO outbox (aggregate_id, message) VALUES ($1, $2)', [randomUUID(), JSON.stringify({ name: 'x', payload })]);
  await clientOf('code-issuance').query('TRUNCATE authenticators');
  await clientOf('code-issuance').query('INSERT INTO authenticators (method_id, login_id, sealed_secret, created_at) VALUES ($1, $1, $2, now())', [randomUUID(), await old.seal('authenticator-secret', 'SECRET')]);
  await clientOf('delivery').query('TRUNCATE deliveries');
  await clientOf('delivery').query(
    `INSERT INTO deliveries (message_id, queued_at, attempt_id, login_id, method_id, channel, purpose, masked_destination, state, provider, asked_at, expires_at, due_at, kept_message)
     VALUES ($1, now(), $1, $1, $1, 'sms', 'login', '', 'accepted', 'one', now(), now(), now(), $2)`,
    [randomUUID(), JSON.stringify({ sealedCode: await old.seal('code', '123456'), sealedDestination: await old.seal('destination', '+14155550142') })],
  );
});

const latchkey = (...args: string[]) => run({ LATCHKEY_SEALING_KEYS: `${currentKey},${oldKey}` }, ...args);

function run(settings: Record<string, string>, ...args: string[]): Promise<{ code: number | null; output: string }> {
  const urlOf = (service: ResealedService) => databases.get(service)?.database.url;
  const env = { ...process.env, LATCHKEY_AUTH_DATABASE_URL: urlOf('auth'), LATCHKEY_CODE_ISSUANCE_DATABASE_URL: urlOf('code-issuance'), LATCHKEY_DELIVERY_DATABASE_URL: urlOf('delivery'), ...settings };
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(rootDirectory, 'tools/latchkey/main.ts'), ...args], { env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
}

const column = (service: ResealedService, table: string) => {
  const found = sealedColumns[service].columns.find((one) => one.table === table);
  if (!found) throw new Error(`${table} has nothing sealed`);
  return found;
};

test('what an old key sealed is read with the current key alone after it was sealed anew', async () => {
  const done = await latchkey('reseal');
  expect(done.output).toContain(`auth: logins.email_sealed: ${logins - 121} values, ${logins - 121} sealed anew, with key current`);
  expect(done.code).toBe(0);

  const { rows } = await clientOf('auth').query<{ login_name: string; email_sealed: string | null }>('SELECT login_name, email_sealed FROM logins');
  expect(rows).toHaveLength(logins);
  for (const { login_name, email_sealed } of rows) if (email_sealed !== null) expect(await current.open('destination', email_sealed)).toBe(login_name);
  const methods = await clientOf('auth').query('SELECT sealed_destination, login_name FROM two_factor_methods JOIN logins ON logins.id = login_id');
  for (const { login_name, sealed_destination } of methods.rows) expect(await current.open('destination', sealed_destination)).toBe(login_name);
  const [{ message }] = (await clientOf('auth').query('SELECT message FROM outbox')).rows;
  expect(await current.open('destination', message.payload.sealedDestination)).toBe('a@b.example');
  expect(await current.open('notice', message.payload.sealedArguments)).toBe('{"ü":1}');
  expect(message.payload.text).toBe('not.sealed..at.all "quoted" $& ü');
  const [{ sealed_secret }] = (await clientOf('code-issuance').query('SELECT sealed_secret FROM authenticators')).rows;
  expect(await current.open('authenticator-secret', sealed_secret)).toBe('SECRET');
  const [{ kept_message }] = (await clientOf('delivery').query('SELECT kept_message FROM deliveries')).rows;
  expect(await current.open('code', kept_message.sealedCode)).toBe('123456');
  expect(await current.open('destination', kept_message.sealedDestination)).toBe('+14155550142');
});

test('run again it changes nothing', async () => {
  await latchkey('reseal', '--service', 'auth');
  const before = (await clientOf('auth').query('SELECT email_sealed FROM logins ORDER BY id')).rows;
  expect((await latchkey('reseal', '--service', 'auth')).output).toContain(`logins.email_sealed: ${logins - 121} values, 0 sealed anew`);
  expect((await clientOf('auth').query('SELECT email_sealed FROM logins ORDER BY id')).rows).toEqual(before);
});

test('a value that a running service changes meanwhile stays as it changed it', async () => {
  const auth = clientOf('auth');
  const { database } = databases.get('auth') as { database: TestDatabase };
  const service = new pg.Client({ connectionString: database.url, options: '-c search_path=auth' });
  await service.connect();
  const [{ id }] = (await auth.query('SELECT id FROM two_factor_methods LIMIT 1')).rows;
  const changed = await both.seal('destination', 'changed@mail.example');
  // Between the reading of a batch and its writing: when the first value is opened.
  let pending: Promise<unknown> | undefined;
  const keys = { open: async (...args: Parameters<SealingKeys['open']>) => {
    await (pending ??= service.query('UPDATE two_factor_methods SET sealed_destination = $2 WHERE id = $1', [id, changed]));
    return both.open(...args);
  }, seal: both.seal.bind(both) } as unknown as SealingKeys;
  expect(await resealColumn(auth, keys, 'current', column('auth', 'two_factor_methods'))).toEqual({ values: 7, resealed: 6, unopened: 0 });
  expect((await auth.query('SELECT sealed_destination FROM two_factor_methods WHERE id = $1', [id])).rows[0].sealed_destination).toBe(changed);
  await service.end();
});

test('what no key opens stays as it is, is counted, and makes the command fail', async () => {
  const lost = await new SealingKeys(newKey('lost')).seal('authenticator-secret', 'SECRET');
  await clientOf('code-issuance').query('UPDATE authenticators SET sealed_secret = $1', [lost]);
  const done = await latchkey('reseal', '--service', 'code-issuance');
  expect(done.code).toBe(1);
  expect(done.output).toContain('1 values, 0 sealed anew, 1 not opened');
  expect((await clientOf('code-issuance').query('SELECT sealed_secret FROM authenticators')).rows).toEqual([{ sealed_secret: lost }]);
});

test('rotate-keys gives the three settings of a rotation in which every process can open what another sealed', async () => {
  const { code, output } = await latchkey('rotate-keys');
  expect(code).toBe(0);
  const [both1 = '', both2 = '', alone = ''] = [...output.matchAll(/^[124]\. (\S+)$/gm)].map(([, keys]) => keys);
  const sealed = await new SealingKeys(both2).seal('code', '000000');
  await expect(new SealingKeys(both1).open('code', sealed)).resolves.toBe('000000');
  await expect(new SealingKeys(alone).open('code', sealed)).resolves.toBe('000000');
  await expect(new SealingKeys(both2).open('code', await new SealingKeys(both1).seal('code', '1'))).resolves.toBe('1');
});

test.each([
  [['frobnicate'], 'There is no command "frobnicate"'],
  [['reseal', '--service', 'gateway'], '--service must be'],
  [['reseal', '--bogus'], 'Usage: npx latchkey reseal'],
  [[], 'Usage: npx latchkey <command>'],
])('wrong arguments end with exit code 2 and what would be right: %j', async (args, said) => {
  const { code, output } = await latchkey(...args);
  expect(code).toBe(2);
  expect(output).toContain(said);
});

test('without settings and without a running system the command says what is missing', async () => {
  const { code, output } = await run({ LATCHKEY_AUTH_DATABASE_URL: '', LATCHKEY_INSTANCE: 'test-nobody' }, 'unlock', 'owner');
  expect(code).toBe(1);
  expect(output).toContain('neither LATCHKEY_AUTH_DATABASE_URL nor LATCHKEY_DATABASE_URL is set');
});
