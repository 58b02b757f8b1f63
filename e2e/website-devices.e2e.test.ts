import { expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { codeField, fillSignIn, openPage, untilAt, useBrowser } from './browser.ts';
import { codeSentTo, newClient, ownerPhone, signIn, signInOwner, signInTrusted, system } from './demo.ts';

useBrowser();

/** The devices of the owner on a browser that is trusted: signed in without a code. */
async function openDevices(size: 'desktop' | 'phone'): Promise<Page> {
  const client = newClient();
  await signInTrusted(client);
  const page = await openPage(size, client);
  await page.goto('/devices');
  return page;
}

it.each(['desktop', 'phone'] as const)('on a %s a session without a code has to enter one before it trusts another device', async (size) => {
  const { session: other } = await signInOwner(newClient(), { client: 'app', deviceName: `Tablet of the ${size}` });
  const page = await openDevices(size);
  // An app is trusted by itself; forgetting it makes it one that can be trusted from here.
  const line = page.getByRole('listitem').filter({ hasText: other.device.name });
  await line.getByRole('button', { name: 'Forget' }).click();
  await page.getByText(`${other.device.name} is forgotten.`).waitFor();

  await line.getByRole('button', { name: 'Trust' }).click();
  const notice = page.getByRole('region', { name: 'Confirm that it is you' });
  await notice.waitFor();
  expect(await line.getByRole('button', { name: 'Trust' }).count()).toBe(1);
  const { code } = await codeSentTo(ownerPhone, () => notice.getByRole('button', { name: 'Enter a code' }).click());
  await page.getByRole('link', { name: 'Cancel' }).waitFor();
  await codeField(page).fill(code);
  await untilAt(page, '/devices');
  await line.getByRole('button', { name: 'Trust' }).click();
  await page.getByText(`${other.device.name} is trusted now.`).waitFor();
  await line.getByRole('button', { name: 'Forget' }).waitFor();
});

it('giving up the code for more leaves the session as it was', async () => {
  await signInOwner(newClient());
  const page = await openDevices('desktop');
  await page.getByRole('button', { name: 'Trust', exact: true }).first().click();
  await codeSentTo(ownerPhone, () => page.getByRole('button', { name: 'Enter a code' }).click());
  await page.getByRole('link', { name: 'Cancel' }).click();
  await page.getByRole('heading', { name: 'Recent device logins' }).waitFor();
  await page.goto('/');
  await page.getByText('With your password, on a trusted device').waitFor();
});

it('with two-factor off the page says that devices can not be trusted, and offers no button that would fail', async () => {
  const page = await openPage();
  await fillSignIn(page, 'member');
  await untilAt(page, '/');
  await page.goto('/devices');
  await page.getByRole('heading', { name: 'Two-factor is off' }).waitFor();
  expect(await page.getByRole('button', { name: 'Trust', exact: true }).count()).toBe(0);
  await page.getByRole('link', { name: 'Set up two-factor' }).click();
  await untilAt(page, '/security/set-up');
});

it('a session that was ended from elsewhere leads to the sign-in, says so, and comes back to where it was', async () => {
  const page = await openPage();
  await fillSignIn(page, 'member');
  await page.getByRole('heading', { name: 'Make your login safer' }).waitFor();
  const elsewhere = newClient();
  await signIn(elsewhere, 'member');
  expect((await elsewhere.post('/v1/sessions/end-others')).status).toBe(204);
  await page.getByRole('link', { name: 'Devices', exact: true }).click();
  await page.getByText('Your session has ended.').waitFor();
  expect(page.url()).toBe(`${system().baseUrl}/sign-in?next=%2Fdevices`);
  await fillSignIn(page, 'member');
  await untilAt(page, '/devices');
});
