import { createSecretKey, randomBytes, randomUUIDv7 } from 'node:crypto';
import { hash as bcrypt } from '@node-rs/bcrypt';
import { eventually } from '@latchkey/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AuthUnderTest, Browser } from '../testing/auth-under-test.ts';
import { drawKind, StandInHashes } from './stand-in-hashes.ts';

let laterMs = 0;
const clock = { now: () => new Date(Date.now() + laterMs) };
let auth: AuthUnderTest;
beforeAll(async () => {
  auth = await AuthUnderTest.start({ clock });
});
afterAll(() => auth.stop());

const names = Array.from({ length: 4_000 }, (_, number) => `nobody-${number}`);
const key = createSecretKey(randomBytes(32));

test('unknown names have the kinds in their shares, each name always the same; when a kind gets rarer only its names move', () => {
  const draw = (counts: Record<string, number>) => names.map((name) => drawKind(Object.entries(counts).map(([kind, count]) => ({ kind, count })), name, key)?.kind);
  const before = draw({ ours: 500, bcrypt: 300, pbkdf2: 200 });
  const share = (kinds: (string | undefined)[], kind: string) => kinds.filter((drawn) => drawn === kind).length / names.length;
  expect(share(before, 'ours')).toBeCloseTo(0.5, 1);
  expect(share(before, 'bcrypt')).toBeCloseTo(0.3, 1);
  expect(share(before, 'pbkdf2')).toBeCloseTo(0.2, 1);
  expect(draw({ pbkdf2: 200, ours: 500, bcrypt: 300 })).toEqual(before);
  const after = draw({ ours: 500, bcrypt: 150, pbkdf2: 200 });
  expect(share(after, 'bcrypt')).toBeCloseTo(150 / 850, 1);
  expect(new Set(before.filter((kind, at) => kind !== after[at]))).toEqual(new Set(['bcrypt']));
  expect(draw({})).toEqual(names.map(() => undefined));
});

test('every format that can be imported is a kind of its own, by its cost', async () => {
  const formats = {
    '$2b$12': '$2b$12$xS2h5IlyFSF3zk4n1GDLYuCK7ybsTSGVjEJ1jCQKq1nvOBrkJZyuq',
    '$2b$10': '$2b$10$xS2h5IlyFSF3zk4n1GDLYuCK7ybsTSGVjEJ1jCQKq1nvOBrkJZyuq',
    '$argon2id$v=19$m=65536,t=3,p=4': '$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    '$scrypt$ln=15,r=8,p=1': '$scrypt$ln=15,r=8,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAA',
    '$7$C6..../....': '$7$C6..../....SodiumChloride$kBGj9fHznVYFQMEn/qDCfrDevf9YDtcDdKvEqHJLV8D',
    '$pbkdf2-sha256$29000': '$pbkdf2-sha256$29000$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAA',
    'pbkdf2_sha256$600000': 'pbkdf2_sha256$600000$salt$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
  };
  const ids: string[] = [];
  for (const hash of Object.values(formats)) {
    const id = await auth.addCustomer(`kind-${ids.length}`);
    ids.push(id);
    await auth.database.query('UPDATE logins SET password_hash = $2 WHERE id = $1', [id, hash]);
  }
  const standIns = new StandInHashes(auth.database, auth.sealing, clock);
  await standIns.refresh();
  const drawn = new Set(names.map((name) => standIns.hashFor(name)));
  for (const hash of Object.values(formats)) expect(drawn).toContain(hash);
  expect(drawn.size).toBe(Object.keys(formats).length + 1);
  await auth.database.query('DELETE FROM logins WHERE id = ANY($1)', [ids]);
});

test('an unknown name takes as long as an imported one, and none with one\'s hash is ever let in', async () => {
  const slow = await bcrypt('correct horse', { cost: 12 });
  await auth.database.query('UPDATE logins SET password_hash = $1', [slow]);
  for (let number = 0; number < 40; number += 1) {
    await auth.database.query(
      `INSERT INTO logins (id, account_id, provider_id, login_name, login_name_key, role, password_hash) SELECT $1, account_id, provider_id, $2, $2, 'customer', $3 FROM logins WHERE login_name_key = 'member'`,
      [randomUUIDv7(), `slow-${number}`, slow],
    );
  }
  const msOf = async (name: string, ip: string): Promise<number> => {
    const startedAt = performance.now();
    await expect(auth.start(name, { password: 'correct horse battery', browser: new Browser('web', ip) })).rejects.toMatchObject({ code: 'invalid_credentials' });
    return performance.now() - startedAt;
  };
  laterMs = 11 * 60_000;
  // The first look after ten minutes has the table read again.
  await eventually(async () => (await msOf('nobody', '198.51.100.1')) > 100);
  const [known, unknown]: [number[], number[]] = [[], []];
  for (let round = 0; round < 9; round += 1) {
    known.push(await msOf(`slow-${round}`, '198.51.100.2'));
    unknown.push(await msOf(`nobody-${round}`, '198.51.100.2'));
  }
  const median = (times: number[]) => times.sort((one, other) => one - other)[4] ?? 0;
  expect(median(unknown) / median(known)).toBeGreaterThan(0.7);
  expect(median(unknown) / median(known)).toBeLessThan(1.4);
  await expect(auth.start('nobody-1', { password: 'correct horse' })).rejects.toMatchObject({ code: 'invalid_credentials' });
});
