import { randomBytes, randomUUID } from 'node:crypto';
import { hashSecret, newSecret } from '@latchkey/platform';
import { testPostgres, type TestDatabase } from '@latchkey/testing';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { devicesDatabase } from '../database.ts';
import { EnterDevice } from './enter-device.ts';
import { TidyDevices } from './tidy-devices.ts';
import { TrustDevices } from './trust-devices.ts';

let database: TestDatabase;
let source: DataSource;
let entering: EnterDevice;
let devices: TrustDevices;
let tidying: TidyDevices;
let now: Date;
const clock = { now: () => now };

beforeAll(async () => {
  database = await testPostgres({ schema: 'devices' });
  source = devicesDatabase(database.url);
  await source.initialize();
  await source.runMigrations();
  // Without a relay running, the outbox keeps what was told.
  const relay = { kick: () => undefined };
  entering = new EnterDevice(source, clock, 30, relay);
  devices = new TrustDevices(source, clock, 30, relay);
  tidying = new TidyDevices(source);
});
afterAll(async () => {
  await source.destroy();
  await database.drop();
});
beforeEach(() => {
  now = new Date('2026-01-01T00:00:00Z');
});

interface Cookie {
  browserId: string;
  secret: string;
}

/** A browser that keeps the cookie it was given last. */
async function enter(loginId: string, cookie?: Cookie, options: { trust?: boolean; trustEpoch?: number } = {}) {
  const next = { browserId: randomUUID(), secret: newSecret() };
  const result = await entering.enter({ loginId, trustEpoch: options.trustEpoch ?? 0, trust: options.trust ?? false, device: deviceInput(cookie, next) });
  return { ...result, cookie: { browserId: result.browserId, secret: next.secret } };
}

async function enterTrusted(loginId: string, cookie: Cookie, trustEpoch = 0) {
  const next = { browserId: randomUUID(), secret: newSecret() };
  const result = await entering.enterTrusted({ loginId, trustEpoch, device: deviceInput(cookie, next) });
  return { ...result, cookie: { browserId: cookie.browserId, secret: next.secret } };
}

function deviceInput(cookie: Cookie | undefined, next: Cookie) {
  return {
    presented: cookie ? { browserId: cookie.browserId, secretHash: hashSecret(cookie.secret) } : null,
    next: { browserId: next.browserId, secretHash: hashSecret(next.secret) },
    client: 'web' as const,
    name: 'Firefox on Linux',
    browser: 'Firefox',
    os: 'Linux',
    ip: '127.0.0.1',
  };
}

/** What was told of a login, in its order: the fact's name and payload. */
async function toldOf(loginId: string): Promise<[string, object][]> {
  const rows = (await source.query('SELECT message FROM outbox WHERE aggregate_id = $1 ORDER BY position', [loginId])) as { message: { name: string; payload: object } }[];
  return rows.map(({ message }) => [message.name, message.payload]);
}

it('trust lets the device in, for thirty days from being given, never extended by use', async () => {
  const loginId = randomUUID();
  const first = await enter(loginId);
  await devices.trust(loginId, [first.device.id], 0);
  now = new Date('2026-01-30T23:59:00Z');
  const late = await enterTrusted(loginId, first.cookie);
  expect(late).toMatchObject({ trusted: true });
  await devices.trust(loginId, [first.device.id], 0);
  now = new Date('2026-01-30T23:59:59.999Z');
  const last = await enterTrusted(loginId, late.cookie);
  expect(last).toMatchObject({ trusted: true, device: { trustedUntil: '2026-01-31T00:00:00.000Z' } });
  now = new Date('2026-01-31T00:00:00Z');
  expect(await enterTrusted(loginId, last.cookie)).toMatchObject({ trusted: false });
});

it('trust is bound to the secret alone: another address or an updated browser is let in, and shown', async () => {
  const loginId = randomUUID();
  const { cookie } = await enter(loginId, undefined, { trust: true });
  const elsewhere = { ...deviceInput(cookie, { browserId: randomUUID(), secret: newSecret() }), name: 'Chrome on Windows', browser: 'Chrome', os: 'Windows', ip: '2001:db8::7' };
  expect(await entering.enterTrusted({ loginId, trustEpoch: 0, device: elsewhere })).toMatchObject({ trusted: true });
  expect((await devices.list(loginId, 0))[0]).toMatchObject({ trusted: true, browser: 'Chrome', os: 'Windows', lastIp: '2001:db8::7' });
});

it('a raised epoch withdraws all trust at once, with no message needed', async () => {
  const loginId = randomUUID();
  const { device, cookie } = await enter(loginId, undefined, { trust: true });
  expect(device.trusted).toBe(true);
  expect(await enterTrusted(loginId, cookie, 1)).toMatchObject({ trusted: false });
  await tidying.clearOldEpochs(loginId, 1);
  expect((await devices.list(loginId, 0))[0]).toMatchObject({ trusted: false });
});

it('ten logins at once on one trusted browser all go in, and trust stays', async () => {
  const loginId = randomUUID();
  const { cookie } = await enter(loginId, undefined, { trust: true });
  const results = await Promise.all(Array.from({ length: 10 }, () => enterTrusted(loginId, cookie)));
  expect(results.every(({ trusted }) => trusted)).toBe(true);
  now = new Date('2026-01-02T00:00:00Z');
  expect(await enterTrusted(loginId, results[4]?.cookie ?? cookie)).toMatchObject({ trusted: true });
});

it('a reused old secret withdraws the trust of that browser', async () => {
  const loginId = randomUUID();
  const { cookie: old } = await enter(loginId, undefined, { trust: true });
  const current = await enterTrusted(loginId, old);
  now = new Date('2026-01-01T01:00:00Z');
  expect(await enterTrusted(loginId, old)).toMatchObject({ trusted: false });
  expect(await enterTrusted(loginId, current.cookie)).toMatchObject({ trusted: false });
});

it('a forged secret for a known browser gets its owner nothing', async () => {
  const loginId = randomUUID();
  const { cookie } = await enter(loginId, undefined, { trust: true });
  expect(await enterTrusted(loginId, { ...cookie, secret: randomBytes(32).toString('base64url') })).toMatchObject({ trusted: false });
});

it('two logins on one browser have a device each, and trust of one is not trust of the other', async () => {
  const [one, two] = [randomUUID(), randomUUID()];
  const first = await enter(one, undefined, { trust: true });
  const second = await enter(two, first.cookie);
  expect(second.browserId).toBe(first.browserId);
  expect(second.device.id).not.toBe(first.device.id);
  expect(await enterTrusted(two, second.cookie)).toMatchObject({ trusted: false });
  expect(await enterTrusted(one, second.cookie)).toMatchObject({ trusted: true });
});

it('an id of somebody else is not found, and changes nothing', async () => {
  const [one, two] = [randomUUID(), randomUUID()];
  const mine = await enter(one);
  const theirs = await enter(two, undefined, { trust: true });
  await expect(devices.trust(one, [mine.device.id, theirs.device.id], 0)).rejects.toMatchObject({ code: 'not_found' });
  await expect(devices.forget(one, [theirs.device.id], 0)).rejects.toMatchObject({ code: 'not_found' });
  expect((await devices.list(one, 0))[0]?.trusted).toBe(false);
  expect((await devices.list(two, 0))[0]?.trusted).toBe(true);
});

it('forgetting takes trust away, twice as well as once, from any of the devices of the login', async () => {
  const loginId = randomUUID();
  const first = await enter(loginId, undefined, { trust: true });
  await enter(loginId);
  await devices.forget(loginId, [first.device.id], 0);
  const list = await devices.forget(loginId, [first.device.id, first.device.id], 0);
  expect(list).toHaveLength(2);
  expect(list.every(({ trusted }) => !trusted)).toBe(true);
  expect(await enterTrusted(loginId, first.cookie)).toMatchObject({ trusted: false });
});

it('ten first logins at once with one cookie are ten rotations of one device, none of them a stranger', async () => {
  const loginId = randomUUID();
  const { cookie, browserId, device } = await enter(loginId);
  now = new Date('2026-01-01T00:00:01Z');
  const results = await Promise.all(Array.from({ length: 10 }, () => enter(loginId, cookie)));
  for (const result of results) expect(result).toMatchObject({ browserId, newDevice: false, device: { id: device.id } });
  expect(await devices.list(loginId, 0)).toHaveLength(1);
});

it('a sibling of ten that were given at once ends the other nine', async () => {
  const loginId = randomUUID();
  const { cookie } = await enter(loginId, undefined, { trust: true });
  const [used, left] = await Promise.all(Array.from({ length: 10 }, () => enterTrusted(loginId, cookie)));
  if (!used || !left) throw new Error('ten logins have ten answers');
  now = new Date('2026-01-02T00:00:00Z');
  const current = await enterTrusted(loginId, used.cookie);
  expect(current).toMatchObject({ trusted: true });
  now = new Date('2026-01-02T00:02:00Z');
  expect(await enterTrusted(loginId, left.cookie)).toMatchObject({ trusted: false });
  expect(await enterTrusted(loginId, current.cookie)).toMatchObject({ trusted: false });
});

it('a thief who comes back with the old cookie is a new device, and every login of that browser loses its trust', async () => {
  const [one, two] = [randomUUID(), randomUUID()];
  const first = await enter(one, undefined, { trust: true });
  const second = await enter(two, first.cookie, { trust: true });
  now = new Date('2026-01-01T01:00:00Z');
  const thief = await enter(one, first.cookie);
  expect(thief).toMatchObject({ newDevice: true, device: { trusted: false } });
  expect(thief.browserId).not.toBe(first.browserId);
  expect(thief.device.id).not.toBe(first.device.id);
  expect((await devices.list(one, 0)).some(({ trusted }) => trusted)).toBe(false);
  expect(await enterTrusted(two, second.cookie)).toMatchObject({ trusted: false });
});

describe('a copied secret', () => {
  const named = { id: expect.any(String) as string, name: 'Firefox on Linux' };

  it('is told once to each login of that browser, whether it was trusted or not, however often and by how many at once it is used', async () => {
    const [trusting, other, bystander] = [randomUUID(), randomUUID(), randomUUID()];
    const first = await enter(trusting, undefined, { trust: true });
    const second = await enter(other, first.cookie);
    const elsewhere = await enter(bystander, undefined, { trust: true });
    now = new Date('2026-01-01T01:00:00Z');
    await Promise.all(Array.from({ length: 10 }, () => enterTrusted(trusting, first.cookie)));
    await enter(trusting, first.cookie);
    expect(await toldOf(trusting)).toEqual([['device.secret-reused', { loginId: trusting, devices: [{ ...named, id: first.device.id, trustedUntil: '2026-01-31T00:00:00.000Z' }], ip: '127.0.0.1' }]]);
    expect(await toldOf(other)).toEqual([['device.secret-reused', { loginId: other, devices: [{ ...named, id: second.device.id, trustedUntil: null }], ip: '127.0.0.1' }]]);
    expect(await toldOf(bystander)).toEqual([]);
    expect(await enterTrusted(bystander, elsewhere.cookie)).toMatchObject({ trusted: true });
  });

  it('makes a stranger of whoever holds the live one too: trusting the old device from the list lets nobody in', async () => {
    const loginId = randomUUID();
    const victim = await enter(loginId, undefined, { trust: true });
    const thief = await enterTrusted(loginId, victim.cookie);
    now = new Date('2026-01-01T01:00:00Z');
    const back = await enter(loginId, victim.cookie);
    expect(back).toMatchObject({ newDevice: true });
    await devices.trust(loginId, [victim.device.id, back.device.id], 0);
    expect(await enterTrusted(loginId, thief.cookie)).toMatchObject({ trusted: false });
    expect(await enterTrusted(loginId, back.cookie)).toMatchObject({ trusted: true });
  });

  it('is not seen in a browser that nobody knows, nor in a second tab', async () => {
    const loginId = randomUUID();
    const { cookie } = await enter(loginId, undefined, { trust: true });
    await enterTrusted(loginId, { browserId: randomUUID(), secret: newSecret() });
    await enterTrusted(loginId, cookie);
    expect(await enterTrusted(loginId, cookie)).toMatchObject({ trusted: true });
    expect(await toldOf(loginId)).toEqual([]);
  });
});

describe('a login from before a withdrawal', () => {
  const rowsOf = async (loginId: string) => (await source.query('SELECT count(*)::int AS devices, count(trust_epoch)::int AS trusted FROM devices WHERE login_id = $1', [loginId])) as object[];

  it('that enters or trusts while trust is withdrawn does so before that, or not at all', async () => {
    for (let round = 0; round < 10; round += 1) {
      const loginId = randomUUID();
      const { device, cookie } = await enter(loginId);
      const doings = [() => enter(loginId, undefined, { trust: true }), () => enter(loginId, cookie, { trust: true }), () => devices.trust(loginId, [device.id], 0)];
      const all = Array.from({ length: 21 }, (_, index) => (index === 9 ? tidying.clearOldEpochs(loginId, 1) : doings[index % 3]?.()));
      const outcomes = await Promise.allSettled(all);
      for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'unavailable', details: { retryAfterSeconds: 1 } });
      expect((await devices.list(loginId, 0)).filter(({ trusted }) => trusted)).toEqual([]);
      expect(await rowsOf(loginId)).toMatchObject([{ trusted: 0 }]);
    }
  });

  it('takes no newer trust away and exchanges no secret, nor does trusting or forgetting from then', async () => {
    const loginId = randomUUID();
    const { device, cookie } = await enter(loginId, undefined, { trust: true, trustEpoch: 1 });
    now = new Date('2026-01-01T01:00:00Z');
    for (const trust of [true, false]) await expect(enter(loginId, cookie, { trust, trustEpoch: 0 })).rejects.toMatchObject({ code: 'unavailable' });
    await expect(devices.trust(loginId, [device.id], 0)).rejects.toMatchObject({ code: 'unavailable' });
    await expect(devices.forget(loginId, [device.id], 0)).rejects.toMatchObject({ code: 'unavailable' });
    expect(await rowsOf(loginId)).toEqual([{ devices: 1, trusted: 1 }]);
    expect(await enterTrusted(loginId, cookie, 1)).toMatchObject({ trusted: true });
  });

  it('is found out all the same where it comes with a copied secret', async () => {
    const loginId = randomUUID();
    const old = await enter(loginId, undefined, { trust: true, trustEpoch: 1 });
    const current = await enterTrusted(loginId, old.cookie, 1);
    now = new Date('2026-01-01T01:00:00Z');
    await expect(enter(loginId, old.cookie, { trustEpoch: 0 })).rejects.toMatchObject({ code: 'unavailable' });
    expect(await rowsOf(loginId)).toEqual([{ devices: 1, trusted: 0 }]);
    expect(await enterTrusted(loginId, current.cookie, 1)).toMatchObject({ trusted: false });
  });

  it('leaves nothing of a login that is gone', async () => {
    const loginId = randomUUID();
    await enter(loginId);
    await tidying.removeLogin(loginId);
    await expect(enter(loginId, undefined, { trust: true })).rejects.toMatchObject({ code: 'unavailable' });
    expect(await rowsOf(loginId)).toEqual([{ devices: 0, trusted: 0 }]);
  });

  it('holds nobody up when copied secrets, trust and a withdrawal come at the same moment', async () => {
    for (let round = 0; round < 10; round += 1) {
      const loginId = randomUUID();
      now = new Date('2026-01-01T00:00:00Z');
      const first = await enter(loginId);
      const old = first.cookie;
      await enter(loginId, old);
      now = new Date('2026-01-01T01:00:00Z');
      const all = [enter(loginId, old), devices.trust(loginId, [first.device.id], 0), enterTrusted(loginId, old), devices.trust(loginId, [first.device.id], 0), tidying.clearOldEpochs(loginId, 1)];
      const failed = (await Promise.allSettled(all)).flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as { code?: string }] : []));
      for (const { code } of failed) expect(code).toBe('unavailable');
    }
  });
});

describe('a new password', () => {
  it('keeps the trust of the one device it is carried for, with its end, and of no other', async () => {
    const loginId = randomUUID();
    const [mine, other] = [await enter(loginId, undefined, { trust: true }), await enter(loginId, undefined, { trust: true })];
    now = new Date('2026-01-10T00:00:00Z');
    const list = await devices.carry(loginId, mine.device.id, 0, 1);
    expect(list.filter(({ trusted }) => trusted)).toMatchObject([{ id: mine.device.id, trustedUntil: '2026-01-31T00:00:00.000Z' }]);
    expect(await devices.carry(loginId, mine.device.id, 0, 1)).toEqual(list);
    expect(await enterTrusted(loginId, mine.cookie, 1)).toMatchObject({ trusted: true });
    expect(await enterTrusted(loginId, other.cookie, 1)).toMatchObject({ trusted: false });
  });

  it.each(['before', 'after'])('told %s the trust is carried over takes it not away', async (order) => {
    const loginId = randomUUID();
    const [mine, other] = [await enter(loginId, undefined, { trust: true }), await enter(loginId, undefined, { trust: true })];
    const told = () => tidying.clearOldEpochs(loginId, 1, mine.device.id);
    if (order === 'before') await told();
    await devices.carry(loginId, mine.device.id, 0, 1);
    if (order === 'after') await told();
    expect(await enterTrusted(loginId, mine.cookie, 1)).toMatchObject({ trusted: true });
    expect(await source.query('SELECT trusted_until, trust_epoch FROM devices WHERE id = $1', [other.device.id])).toEqual([{ trusted_until: null, trust_epoch: null }]);
  });

  it('carries nothing of a device that is not trusted, is of another epoch, or belongs to somebody else', async () => {
    const [loginId, stranger] = [randomUUID(), randomUUID()];
    const [untrusted, trusted, theirs] = [await enter(loginId), await enter(loginId, undefined, { trust: true, trustEpoch: 3 }), await enter(stranger, undefined, { trust: true })];
    await devices.carry(loginId, untrusted.device.id, 0, 1);
    await devices.carry(loginId, trusted.device.id, 2, 4);
    await devices.carry(loginId, trusted.device.id, 3, 2);
    await devices.carry(loginId, theirs.device.id, 0, 1);
    for (const epoch of [1, 2, 4]) expect((await devices.list(loginId, epoch)).some((device) => device.trusted)).toBe(false);
    expect(await enterTrusted(loginId, trusted.cookie, 3)).toMatchObject({ trusted: true });
    expect(await enterTrusted(stranger, theirs.cookie)).toMatchObject({ trusted: true });
    now = new Date('2026-01-31T00:00:00Z');
    expect((await devices.carry(loginId, trusted.device.id, 3, 4)).some((device) => device.trusted)).toBe(false);
  });
});

it('trusting and forgetting tell of the devices they changed, and of no other', async () => {
  const loginId = randomUUID();
  const [phone, laptop] = [await enter(loginId), await enter(loginId)];
  const named = (device: { id: string }) => ({ id: device.id, name: 'Firefox on Linux' });
  await devices.trust(loginId, [phone.device.id], 0);
  await devices.trust(loginId, [phone.device.id, laptop.device.id], 0);
  await devices.trust(loginId, [phone.device.id, laptop.device.id], 0);
  await devices.forget(loginId, [laptop.device.id], 0);
  await devices.forget(loginId, [laptop.device.id, laptop.device.id], 0);
  await expect(devices.forget(loginId, [phone.device.id, randomUUID()], 0)).rejects.toMatchObject({ code: 'not_found' });
  expect(await toldOf(loginId)).toEqual([
    ['device.trusted', { loginId, devices: [named(phone.device)] }],
    ['device.trusted', { loginId, devices: [named(laptop.device)] }],
    ['device.forgotten', { loginId, devices: [named(laptop.device)] }],
  ]);
});

it('ten requests at once to trust a device give it trust once', async () => {
  const loginId = randomUUID();
  const { device } = await enter(loginId);
  await Promise.all(Array.from({ length: 10 }, () => devices.trust(loginId, [device.id], 0)));
  expect(await toldOf(loginId)).toHaveLength(1);
});

it('with a login its devices go, and the browsers that nobody else logs in on', async () => {
  const [leaving, staying] = [randomUUID(), randomUUID()];
  const own = await enter(leaving, undefined, { trust: true });
  const shared = await enter(leaving, undefined, { trust: true });
  const theirs = await enter(staying, shared.cookie, { trust: true });
  for (let told = 0; told < 2; told += 1) await tidying.removeLogin(leaving);
  expect(await devices.list(leaving, 0)).toEqual([]);
  expect(await source.query('SELECT id FROM browsers WHERE id = ANY($1::uuid[])', [[own.browserId, shared.browserId]])).toEqual([{ id: shared.browserId }]);
  expect(await enterTrusted(staying, theirs.cookie)).toMatchObject({ trusted: true });
});

it('logins of somebody else on a shared browser succeed while a login is removed', async () => {
  for (let round = 0; round < 10; round += 1) {
    const leaving = randomUUID();
    const { cookie } = await enter(leaving);
    const others = Array.from({ length: 3 }, () => randomUUID());
    const entered = await Promise.all([...others.map((loginId) => enter(loginId, cookie)), tidying.removeLogin(leaving).then(() => undefined)]);
    for (const [index, loginId] of others.entries()) expect(await devices.list(loginId, 0)).toMatchObject([{ id: entered[index]?.device.id }]);
    expect(await devices.list(leaving, 0)).toEqual([]);
  }
});

it('a browser nobody knows is a new one, whatever id it claims', async () => {
  const loginId = randomUUID();
  const claimed = { browserId: randomUUID(), secret: newSecret() };
  expect(await enterTrusted(loginId, claimed)).toMatchObject({ trusted: false });
  const entered = await enter(loginId, claimed);
  expect(entered.newDevice).toBe(true);
  expect(entered.browserId).not.toBe(claimed.browserId);
});

it('a new device stays new to the request that added it, delivered again, and to the login after an answer that was lost', async () => {
  const loginId = randomUUID();
  const request = { loginId, trustEpoch: 0, trust: false, device: deviceInput(undefined, { browserId: randomUUID(), secret: newSecret() }) };
  const first = await entering.enter(request);
  expect(await entering.enter(request)).toEqual(first);
  expect(first.newDevice).toBe(true);

  // On a browser that another login uses already: the request again, then another one with the cookie that was not exchanged.
  const { cookie } = await enter(randomUUID());
  now = new Date('2026-01-01T00:00:10Z');
  const again = { loginId, trustEpoch: 0, trust: false, device: deviceInput(cookie, { browserId: randomUUID(), secret: newSecret() }) };
  const added = await entering.enter(again);
  expect(added.newDevice).toBe(true);
  now = new Date('2026-01-01T00:00:11Z');
  expect(await entering.enter(again)).toMatchObject({ newDevice: true, device: { id: added.device.id } });
  const afterwards = await enter(loginId, cookie);
  expect(afterwards).toMatchObject({ newDevice: true, device: { id: added.device.id } });
  now = new Date('2026-01-01T00:00:12Z');
  expect(await enter(loginId, afterwards.cookie)).toMatchObject({ newDevice: false, device: { id: added.device.id } });
});

it('being refused as not trusted changes nothing: no use recorded, no secret exchanged', async () => {
  const loginId = randomUUID();
  const { cookie } = await enter(loginId);
  const stored = () => source.query('SELECT b.secrets, d.* FROM browsers b JOIN devices d ON d.browser_id = b.id WHERE b.id = $1', [cookie.browserId]);
  const before = await stored();
  now = new Date('2026-01-01T06:00:00Z');
  expect(await enterTrusted(loginId, cookie)).toEqual({ trusted: false, cookie: expect.anything() });
  expect(await stored()).toEqual(before);
});

it('any device of the list can be trusted from any other, and is let in afterwards', async () => {
  const loginId = randomUUID();
  const [phone, laptop] = [await enter(loginId), await enter(loginId)];
  const list = await devices.trust(loginId, [phone.device.id, laptop.device.id], 0);
  expect(list.map(({ trusted }) => trusted)).toEqual([true, true]);
  expect(await enterTrusted(loginId, phone.cookie)).toMatchObject({ trusted: true, newDevice: false, device: { trustedUntil: '2026-01-31T00:00:00.000Z' } });
});

it('entering by code does not lengthen the trust there is, not even where it gives trust', async () => {
  const loginId = randomUUID();
  const first = await enter(loginId, undefined, { trust: true });
  now = new Date('2026-01-20T00:00:00Z');
  const again = await enter(loginId, first.cookie, { trust: true });
  expect(again.device.trustedUntil).toBe('2026-01-31T00:00:00.000Z');
  now = new Date('2026-02-01T00:00:00Z');
  expect((await enter(loginId, again.cookie, { trust: true })).device.trustedUntil).toBe('2026-03-03T00:00:00.000Z');
});

it('a late message about an earlier epoch takes no newer trust away', async () => {
  const loginId = randomUUID();
  const { cookie } = await enter(loginId, undefined, { trust: true, trustEpoch: 2 });
  await tidying.clearOldEpochs(loginId, 1);
  await tidying.clearOldEpochs(loginId, 2);
  expect(await enterTrusted(loginId, cookie, 2)).toMatchObject({ trusted: true });
});

it('a trusted device cannot be hidden behind a hundred newer ones', async () => {
  const loginId = randomUUID();
  const hidden = await enter(loginId, undefined, { trust: true });
  for (let login = 1; login <= 101; login += 1) {
    now = new Date(Date.parse('2026-01-01T00:00:00Z') + login * 1_000);
    await enter(loginId);
  }
  const list = await devices.list(loginId, 0);
  expect(list).toHaveLength(101);
  expect(list.at(-1)).toMatchObject({ id: hidden.device.id, trusted: true });
  expect(await devices.list(loginId, 1)).toHaveLength(100);
  const seen = list.map(({ lastSeenAt }) => lastSeenAt);
  expect(seen).toEqual([...seen].sort().reverse());
});

it('a login on a new browser takes one SQL statement, on a trusted or known one two', async () => {
  const loginId = randomUUID();
  const asked = vi.spyOn(pg.Client.prototype, 'query');
  const { cookie } = await enter(loginId, undefined, { trust: true });
  expect(asked).toHaveBeenCalledTimes(1);
  asked.mockClear();
  const { cookie: next } = await enterTrusted(loginId, cookie);
  expect(asked).toHaveBeenCalledTimes(2);
  asked.mockClear();
  await enter(loginId, next);
  expect(asked).toHaveBeenCalledTimes(2);
  asked.mockRestore();
});

it('logins by trust and by code at once on one browser all go in, and none waits for another for ever', async () => {
  const loginId = randomUUID();
  const { cookie } = await enter(loginId, undefined, { trust: true });
  const results = await Promise.all(Array.from({ length: 20 }, (_, turn) => (turn % 2 === 0 ? enterTrusted(loginId, cookie) : enter(loginId, cookie))));
  expect(new Set(results.map((result) => 'device' in result && result.device.id)).size).toBe(1);
});

it('no secret is stored, only its hash', async () => {
  const { cookie } = await enter(randomUUID());
  const stored = JSON.stringify(await source.query('SELECT * FROM browsers WHERE id = $1', [cookie.browserId]));
  expect(stored).toContain(hashSecret(cookie.secret));
  expect(stored).not.toContain(cookie.secret);
});
