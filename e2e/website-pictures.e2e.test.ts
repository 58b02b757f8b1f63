import type { Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { beforeAll, expect, it, vi } from 'vitest';
import { codeField, fillSignIn, untilAt } from './browser.ts';
import { codeSentTo } from './demo.ts';
import { addPerson, addTenant, type Person } from './tenants.ts';
import { differenceOf, expectPictures, openForPictures, pictureSizes, usePictureBrowser } from './website-pictures.ts';

usePictureBrowser();
vi.setConfig({ testTimeout: 120_000 });

// Names that the pictures show, in households of their own: what other tests do is not to be seen.
let anna: Person;
let paul: Person;
beforeAll(async () => {
  const tenant = await addTenant('Picture Alarms');
  anna = await addPerson(tenant, 'account_owner', 'anna.picture', { texts: true });
  paul = await addPerson(tenant, 'customer', 'paul.picture');
});

const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true }).first().waitFor();
async function look(page: Page, path: string, name: string, picture: string): Promise<void> {
  await page.goto(path, { waitUntil: 'networkidle' });
  await heading(page, name);
  await expectPictures(page, picture);
}

/** Lines of the activity are written from events, a moment after what they tell of. */
async function untilWritten(page: Page, kinds: string[]): Promise<void> {
  const isThere = async () => {
    await page.goto('/activity', { waitUntil: 'networkidle' });
    return (await Promise.all(kinds.map((kind) => page.locator(`li[data-kind=${kind}]`).count()))).every((count) => count > 0);
  };
  await expect.poll(isThere, { timeout: 20_000 }).toBe(true);
}

it.each(['light', 'dark'] as const)('the sign-in page looks as it did, %s', async (scheme) => {
  const page = await openForPictures(scheme);
  await page.goto('/sign-in');
  await page.getByLabel('Login name').waitFor();
  await expectPictures(page, scheme === 'light' ? 'sign-in' : 'sign-in-dark');
});

it('the way in by a code, and every page behind it, look as they did', async () => {
  const page = await openForPictures();
  const { code } = await codeSentTo(anna.phoneNumber, () => fillSignIn(page, anna.loginName));
  await page.locator('[role=status][data-state=accepted]').waitFor();
  // Before that it counts down.
  await page.getByRole('button', { name: 'Send again', exact: true }).waitFor();
  await expectPictures(page, 'enter-code');
  await codeField(page).fill(code);
  await heading(page, 'Trust this device?');
  await expectPictures(page, 'trust-device');
  await page.getByRole('button', { name: 'Trust device' }).click();
  await page.getByRole('button', { name: 'Continue' }).waitFor();
  await expectPictures(page, 'recognized-devices');
  await page.getByRole('button', { name: 'Continue' }).click();
  await heading(page, `Hello, ${anna.loginName}`);
  await expectPictures(page, 'home');
  await look(page, '/security', 'Your methods', 'security');
  await look(page, '/devices', 'Trusted devices', 'devices');
  await look(page, '/sessions', 'Sessions', 'sessions');
  await look(page, '/logins', 'Logins of your account', 'logins');
  await untilWritten(page, ['signed_in', 'device_trusted']);
  await expectPictures(page, 'activity');
});

it('the set-up of two-factor looks as it did', async () => {
  const page = await openForPictures();
  await fillSignIn(page, paul.loginName);
  await untilAt(page, '/');
  await look(page, '/', `Hello, ${paul.loginName}`, 'home-without-two-factor');
  await look(page, '/security/set-up', 'Set up two-factor', 'set-up');
  await look(page, '/security/set-up/text-message', 'Codes by text message', 'set-up-text-message');
});

it("the service provider's customers and policy look as they did", async () => {
  const tenant = await addTenant('Picture Locks');
  await addPerson(tenant, 'account_owner', 'emil.picture', { texts: true });
  await addPerson(tenant, 'customer', 'ida.picture');
  const desk = await addPerson(tenant, 'provider_staff', 'desk.picture');
  const page = await openForPictures();
  await fillSignIn(page, desk.loginName);
  await untilAt(page, '/provider/customers');
  await page.getByRole('main').getByRole('listitem').nth(1).waitFor();
  await expectPictures(page, 'provider-customers');
  await look(page, '/provider/policy', 'Policy', 'provider-policy');
});

it('a button that is gone, a word that is another, and text that moved by three pixels are seen', async () => {
  const page = await openForPictures();
  await page.setViewportSize(pictureSizes.phone);
  await page.goto('/sign-in');
  await page.getByLabel('Login name').waitFor();
  const picture = async () => PNG.sync.read(await page.screenshot({ animations: 'disabled', caret: 'hide' }));
  const before = await picture();
  expect(differenceOf(await picture(), before)).toEqual({});
  const changes = {
    'a button that is gone': "document.querySelector('button[type=submit]').style.visibility = 'hidden'",
    'a word that is another': "document.querySelector('h1').textContent = 'Log in'",
    'text that moved': "document.querySelector('h1').style.translate = '0 3px'",
  };
  for (const [what, change] of Object.entries(changes)) {
    await page.reload();
    await page.getByLabel('Login name').waitFor();
    await page.evaluate(change);
    expect(differenceOf(await picture(), before).fault, what).toMatch(/pixels differ/);
  }
});
