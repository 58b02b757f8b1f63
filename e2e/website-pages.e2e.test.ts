import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { demoPassword } from './api-client.ts';
import { codeField, expectAccessible, fillSignIn, openPage, untilAt, useBrowser } from './browser.ts';
import { codeSentTo, ownerPhone, wrongCodeFor } from './demo.ts';

useBrowser();

const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true }).first().waitFor();

it('every page on the way in is accessible and never scrolls sideways', async () => {
  const page = await openPage();
  await fillSignIn(page, 'owner', 'not the password');
  await page.getByText('Login name or password is not right.').waitFor();
  await expectAccessible(page, 'a wrong password');
  const { code } = await codeSentTo(ownerPhone, () => fillSignIn(page, 'owner'));
  await page.locator('[role=status][data-state=accepted]').waitFor();
  await codeField(page).fill(wrongCodeFor(code));
  await page.getByText('4 tries left').waitFor();
  await expectAccessible(page, 'a wrong code');
  await codeField(page).fill(code);
  await heading(page, 'Trust this device?');
  await expectAccessible(page, 'trust this device');
  await page.getByRole('button', { name: 'Trust device' }).click();
  await page.getByRole('checkbox').first().waitFor();
  await expectAccessible(page, 'recognized devices');
  await page.getByRole('button', { name: 'Continue' }).click();
  await heading(page, 'Hello, owner');
  await expectAccessible(page, 'home');

  await page.goto('/devices');
  await heading(page, 'Trusted devices');
  await expectAccessible(page, 'devices');
  await page.goto('/security');
  await page.getByRole('button', { name: 'Turn off two-factor' }).click();
  await page.getByRole('dialog').getByLabel('Password', { exact: true }).waitFor();
  await expectAccessible(page, 'security, with its dialog');
  await page.goto('/no/such/page');
  await heading(page, 'Page not found');
  await expectAccessible(page, 'page not found');
});

it('every page of the set-up is accessible and never scrolls sideways', async () => {
  const page = await openPage();
  await fillSignIn(page, 'member');
  await heading(page, 'Hello, member');
  await expectAccessible(page, 'home without two-factor');
  await page.goto('/devices');
  await heading(page, 'Two-factor is off');
  await expectAccessible(page, 'devices without two-factor');
  await page.goto('/security/set-up');
  await heading(page, 'Set up two-factor');
  await expectAccessible(page, 'choosing a method');
  await page.goto('/security/set-up/text-message');
  await page.getByRole('button', { name: 'Send code' }).click();
  await page.getByText('This does not look like a whole phone number.').waitFor();
  await expectAccessible(page, 'a phone number');

  await page.goto('/security/set-up/email');
  const longAddress = `${'maria-magdalena-'.repeat(3)}x@${'a-very-long-name-of-a-company.'.repeat(3)}example`;
  await page.getByLabel('Email address').fill(longAddress);
  await page.getByLabel('Password', { exact: true }).fill(demoPassword);
  await codeSentTo(longAddress, () => page.getByRole('button', { name: 'Send code' }).click());
  await codeField(page).waitFor();
  await expectAccessible(page, 'the code of an email with a long address');
  await page.goto('/security/set-up/authenticator-app');
  await page.getByLabel('Password', { exact: true }).fill(demoPassword);
  await page.getByRole('button', { name: 'Show QR code' }).click();
  await codeField(page).waitFor();
  await expectAccessible(page, 'the QR code');
  await page.goto('/');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await untilAt(page, '/sign-in');
  await expectAccessible(page, 'signed out');
});

it('light or dark is as the device has it, also when that changes', async () => {
  const page = await openPage();
  const brightness = async () => Number(/\d+/.exec(await page.evaluate('getComputedStyle(document.querySelector("main")).backgroundColor'))?.[0]);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto('/sign-in');
  await page.getByLabel('Login name').waitFor();
  expect(await brightness()).toBeLessThan(60);
  await page.emulateMedia({ colorScheme: 'light' });
  await expect.poll(brightness).toBeGreaterThan(200);
});
