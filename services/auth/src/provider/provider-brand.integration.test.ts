import { randomUUIDv7 } from 'node:crypto';
import { eventually } from '@latchkey/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { AuthUnderTest } from '../testing/auth-under-test.ts';
import { rightCode } from '../testing/other-services.ts';
import { addProvider, codeRequired, noticeOf } from '../testing/people.ts';

let auth: AuthUnderTest;
let staff: string;
let names: { customer: string; stranger: string };
const logo = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUg==';
const brand = { name: 'Alpine Alarm', color: '#ffee00', logo, logoUrl: 'https://cdn.alpine.example/logo.png' };
const setBrand = (changed: Partial<typeof brand> | Record<string, null> = {}) => auth.ask('provider.set-brand', { sessionHash: staff, brand: { ...brand, ...changed } });

beforeAll(async () => {
  auth = await AuthUnderTest.start();
});
afterAll(() => auth.stop());
beforeEach(async () => {
  const [own, other] = [`Own ${randomUUIDv7().slice(-6)}`, `Other ${randomUUIDv7().slice(-6)}`];
  await addProvider(auth, own);
  await addProvider(auth, other);
  staff = await auth.signIn(`${own}-staff`);
  names = { customer: `${own}-customer`, stranger: `${other}-customer` };
});

test('a brand that was never set is the name that the provider was made with for its staff, and none for its customers', async () => {
  expect(await auth.ask('provider.brand', { sessionHash: staff })).toEqual({ name: names.customer.replace('-customer', ''), color: null, logo: null, logoUrl: null });
  expect(await auth.ask('session.brand', { sessionHash: await auth.signIn(names.customer) })).toEqual({ name: null, color: null, logo: null });
});

test('customers of the provider see what its staff set, at once, and nobody else does', async () => {
  const [customer, stranger] = [await auth.signIn(names.customer), await auth.signIn(names.stranger)];
  expect(await setBrand({ color: '#FFEE00' } as Partial<typeof brand>)).toMatchObject({ name: 'Alpine Alarm' });
  expect(await auth.ask('provider.brand', { sessionHash: staff })).toEqual(brand);
  expect(await auth.ask('session.brand', { sessionHash: customer })).toEqual({ name: 'Alpine Alarm', color: '#ffee00', logo });
  expect(await auth.ask('session.brand', { sessionHash: stranger })).toEqual({ name: null, color: null, logo: null });
  await setBrand({ color: null, logo: null, logoUrl: null });
  expect(await auth.ask('session.brand', { sessionHash: customer })).toEqual({ name: 'Alpine Alarm', color: null, logo: null });
});

test('an attempt tells the brand of its login; without one, nobody is told whose customer somebody is', async () => {
  await setBrand();
  const customer = await auth.signIn(names.customer);
  await auth.confirm(customer, await auth.addMethod(customer, 'sms', '+14155550171'), rightCode);
  const { attemptHash } = await codeRequired(auth, names.customer);
  expect(await auth.ask('login.brand', { attemptHash })).toEqual({ name: 'Alpine Alarm', color: '#ffee00', logo });
  await expect(auth.ask('login.brand', { attemptHash: 'x'.repeat(43) })).rejects.toMatchObject({ code: 'attempt_over' });
});

test('all staff is told of a changed brand, who did it also how to object, and nobody of one that stayed', async () => {
  await setBrand();
  await setBrand();
  const [{ id: staffId } = { id: '' }] = await auth.database.query<{ id: string }[]>('SELECT id FROM logins WHERE login_name = $1', [names.customer.replace('-customer', '-staff')]);
  const { told } = await noticeOf(auth, staffId, 'brand_changed');
  expect(told).toMatchObject({ by: names.customer.replace('-customer', '-staff'), notMeUrl: expect.stringContaining('/not-me#') as string });
  await setBrand({ color: null });
  await eventually(async () => (await brandNotices(staffId)) === 2);
  const [{ id: customerId } = { id: '' }] = await auth.database.query<{ id: string }[]>('SELECT id FROM logins WHERE login_name = $1', [names.customer]);
  expect(await brandNotices(customerId)).toBe(0);
});

const brandNotices = async (loginId: string) => (await auth.others.noticesOf(loginId)).filter(({ kind }) => kind === 'brand_changed').length;

test('only staff sets a brand', async () => {
  for (const name of [names.customer, 'operator', 'member']) {
    const sessionHash = await auth.signIn(name);
    await expect(auth.ask('provider.brand', { sessionHash })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(auth.ask('provider.set-brand', { sessionHash, brand })).rejects.toMatchObject({ code: 'forbidden' });
  }
});

test('what whoever runs the platform has set stays, and the logo for the website rides in no message', async () => {
  await auth.database.query(`UPDATE providers SET brand = '{"emailFrom": "security@alpine.example", "timeZone": "Europe/Zurich", "color": "#111111"}' WHERE name = $1`, [names.customer.replace('-customer', '')]);
  await setBrand({ color: null });
  const customer = await auth.signIn(names.customer);
  const before = auth.others.issued.length;
  await auth.addMethod(customer, 'sms', '+14155550172');
  const issued = await eventually(async () => auth.others.issued.slice(before).at(-1));
  expect(issued).toMatchObject({ branding: { name: 'Alpine Alarm', emailFrom: 'security@alpine.example', timeZone: 'Europe/Zurich', logoUrl: brand.logoUrl } });
  expect(issued?.branding).not.toHaveProperty('color');
  expect(JSON.stringify(issued)).not.toContain('data:image');
});
