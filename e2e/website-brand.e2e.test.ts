import { randomBytes } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { codeField, expectAccessible, fillSignIn, openPage, untilAt, useBrowser } from './browser.ts';
import { newClient, signIn } from './demo.ts';
import { addPerson, addTenant, messageTo, type Person, type Tenant } from './tenants.ts';

useBrowser();

let made = 0;
const freshName = () => `brand-${Date.now().toString(36)}-${(made += 1)}`;

let tenant: Tenant;
let staff: Person;
let customer: Person;
let stranger: Person;
beforeAll(async () => {
  tenant = await addTenant(`Branded ${freshName()}`);
  staff = await addPerson(tenant, 'provider_staff', freshName());
  customer = await addPerson(tenant, 'customer', freshName(), { texts: true });
  stranger = await addPerson(await addTenant(`Plain ${freshName()}`), 'customer', freshName());
});

const header = (page: Page) => page.getByRole('banner');
const nameInHeader = (page: Page, name: string) => header(page).getByText(name, { exact: true });
const accentOf = (page: Page) => page.evaluate<string>(`getComputedStyle(document.documentElement).getPropertyValue('--mantine-primary-color-filled').trim()`);
const logoIn = (page: Page) => header(page).locator('img[src^="data:image/png;base64,"]');

async function inBoth(page: Page, what: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page, `${what}, ${colorScheme}`);
  }
}

/** A picture of one colour, as any program would write it. */
function png(bytes = 0): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const size = Buffer.alloc(13);
  size.writeUInt32BE(8, 0);
  size.writeUInt32BE(8, 4);
  size.set([8, 2], 8);
  const filler = bytes > 0 ? [chunk('tEXt', randomBytes(bytes))] : [];
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', size), chunk('IDAT', deflateSync(Buffer.alloc(8 * 25))), ...filler, chunk('IEND', Buffer.alloc(0))]);
}

async function openBrandPage(): Promise<Page> {
  const client = newClient();
  await signIn(client, staff.loginName);
  const page = await openPage('desktop', client);
  await page.goto('/provider/brand');
  await page.getByLabel('Name', { exact: true }).waitFor();
  return page;
}

async function save(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();
}

it('staff sets name, colour and logo and sees them before and after saving; its customers see them from the code on, others do not', async () => {
  const page = await openBrandPage();
  expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe(tenant.providerName);
  await nameInHeader(page, 'Latchkey').waitFor();

  await page.getByLabel('Name', { exact: true }).fill('Alpine Alarm');
  await page.getByLabel('Colour', { exact: true }).fill('#8a1f5c');
  await page.getByLabel('Logo', { exact: true }).setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: png() });
  await page.getByRole('button', { name: 'Remove the logo' }).waitFor();
  // As it is typed, in all three pictures, and nowhere else yet.
  for (const name of ['Above the pages', 'At sign-in', 'In an email']) await page.getByRole('figure').filter({ hasText: name }).getByText('Alpine Alarm').waitFor();
  expect(await page.getByRole('figure').locator('img[src^="data:image/png"]').count()).toBe(2);
  await nameInHeader(page, 'Latchkey').waitFor();
  await save(page);
  await nameInHeader(page, 'Alpine Alarm').waitFor();
  expect(await accentOf(page)).toBe('#8a1f5c');

  const theirs = await openPage('phone');
  const after = new Date();
  await theirs.goto('/sign-in');
  await nameInHeader(theirs, 'Latchkey').waitFor();
  await fillSignIn(theirs, customer.loginName);
  await nameInHeader(theirs, 'Alpine Alarm').waitFor();
  await logoIn(theirs).waitFor();
  expect(await logoIn(theirs).evaluate((picture: unknown) => (picture as { naturalWidth: number }).naturalWidth)).toBe(8);
  expect(await accentOf(theirs)).toBe('#8a1f5c');
  const { text } = await messageTo(customer.phoneNumber, /Alpine Alarm/, after);
  await codeField(theirs).fill(/\d{6}/.exec(text)?.[0] ?? '');
  await untilAt(theirs, '/sign-in/trust-device');
  await nameInHeader(theirs, 'Alpine Alarm').waitFor();
  await theirs.goto('/security');
  await theirs.getByRole('link', { name: 'Alpine Alarm' }).waitFor();
  await logoIn(theirs).waitFor();
  await theirs.getByRole('button', { name: 'Sign out' }).click();
  await untilAt(theirs, '/sign-in');
  // Whoever sits down next is not told who was here.
  await nameInHeader(theirs, 'Latchkey').waitFor();
  expect(await accentOf(theirs)).toBe('#17745f');

  const other = await openPage('phone');
  await fillSignIn(other, stranger.loginName);
  await untilAt(other, '/');
  await other.waitForLoadState('networkidle');
  await nameInHeader(other, 'Latchkey').waitFor();
  expect(await accentOf(other)).toBe('#17745f');
});

it('what can not be a brand is said at its field, and a picture that is none is not taken', async () => {
  const page = await openBrandPage();
  await page.getByLabel('Name', { exact: true }).fill('x'.repeat(31));
  await page.getByLabel('Colour', { exact: true }).fill('red');
  await page.getByLabel('Address of the logo for emails').fill('http://plain.example/logo.png');
  const logo = page.getByLabel('Logo', { exact: true });
  const refused = page.getByText('This is no PNG, JPEG or WebP picture');
  const wrongFiles = [
    { name: 'logo.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>') },
    { name: 'logo.png', mimeType: 'image/png', buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') },
    { name: 'large.png', mimeType: 'image/png', buffer: png(41 * 1024) },
  ];
  for (const file of wrongFiles) {
    await logo.setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: png() });
    await refused.waitFor({ state: 'hidden' });
    await logo.setInputFiles(file);
    await refused.waitFor();
  }
  await page.getByRole('button', { name: 'Save' }).click();
  for (const problem of ['30 characters or fewer', '# and six digits', 'does not look like an https address']) await page.getByText(problem).waitFor();
  await page.getByLabel('Name', { exact: true }).and(page.locator(':focus')).waitFor();
  await inBoth(page, 'a wrong brand');
});

it.each(['#ffff00', '#0a0a0a', '#ffffff', '#ff00ff'])('with %s every text can be read, light and dark', async (color) => {
  const page = await openBrandPage();
  await page.getByLabel('Name', { exact: true }).fill('W'.repeat(30));
  await page.getByLabel('Colour', { exact: true }).fill(color);
  await save(page);
  await inBoth(page, `the brand page in ${color}`);
  const theirs = await openPage('phone');
  await fillSignIn(theirs, customer.loginName);
  await nameInHeader(theirs, 'W'.repeat(30)).waitFor();
  await inBoth(theirs, `the code page in ${color}`);
  const client = newClient();
  const member = await addPerson(tenant, 'customer', freshName());
  await signIn(client, member.loginName);
  const signedIn = await openPage('desktop', client);
  for (const path of ['/', '/security', '/security/set-up']) {
    await signedIn.goto(path);
    await nameInHeader(signedIn, 'W'.repeat(30)).waitFor();
    await inBoth(signedIn, `${path} in ${color}`);
  }
});
