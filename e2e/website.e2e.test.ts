import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { demoPassword } from './api-client.ts';
import { codeField, fillSignIn, openPage, tabTo, untilAt, useBrowser } from './browser.ts';
import { authenticatorCode, codeSentTo, ownerPhone } from './demo.ts';

useBrowser();

it.each(['desktop', 'phone'] as const)('on a %s the owner signs in with the texted code, trusts the device and needs no code the next time', async (size) => {
  const page = await openPage(size);
  const { code } = await codeSentTo(ownerPhone, () => fillSignIn(page, 'owner'));
  await page.locator('[role=status][data-state=accepted]').waitFor();
  // The sixth digit submits: no button has to be found on a small screen.
  await codeField(page).fill(code);
  await page.getByRole('button', { name: 'Trust device' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await untilAt(page, '/');
  await page.getByText('With your password and a code by text message').waitFor();

  await page.getByRole('button', { name: 'Sign out' }).click();
  await untilAt(page, '/sign-in');
  await fillSignIn(page, 'owner');
  await untilAt(page, '/');
  await page.getByText('With your password, on a trusted device').waitFor();
});

it('the owner signs in, skips trust, looks at the devices and signs out with nothing but the keyboard', async () => {
  const page = await openPage();
  await page.goto('/sign-in');
  await page.getByLabel('Login name').and(page.locator(':focus')).waitFor();
  await page.keyboard.type('owner');
  await page.keyboard.press('Tab');
  await page.keyboard.type(demoPassword);
  const { code } = await codeSentTo(ownerPhone, () => page.keyboard.press('Enter'));
  await codeField(page).and(page.locator(':focus')).waitFor();
  await page.keyboard.type(code);
  const press = async (role: 'button' | 'link', name: string) => {
    const target = page.getByRole(role, { name, exact: true });
    await target.waitFor();
    await tabTo(page, target);
    await page.keyboard.press('Enter');
  };
  await page.getByRole('heading', { name: 'Trust this device?' }).and(page.locator(':focus')).waitFor();
  await press('button', 'Skip');
  await press('button', 'Continue');
  await untilAt(page, '/');
  await press('link', 'Devices');
  await page.getByRole('heading', { name: 'Devices', level: 1 }).and(page.locator(':focus')).waitFor();
  await press('button', 'Sign out');
  await page.getByText('You are signed out.').waitFor();
});

it('member sets up an authenticator app from the QR code on the screen', async () => {
  const page = await openPage();
  await fillSignIn(page, 'member');
  await untilAt(page, '/');
  await page.goto('/security/set-up/authenticator-app');
  await page.getByLabel('Password', { exact: true }).fill(demoPassword);
  await page.getByRole('button', { name: 'Show QR code' }).click();
  await codeField(page).waitFor();

  const folder = mkdtempSync(join(tmpdir(), 'latchkey-qr-'));
  const picture = join(folder, 'screen.png');
  await page.screenshot({ path: picture });
  const uri = execFileSync('zbarimg', ['--quiet', '--raw', picture], { encoding: 'utf8' }).trim();
  rmSync(folder, { recursive: true });
  const secret = new URL(uri).searchParams.get('secret') ?? '';
  await codeField(page).fill(authenticatorCode(secret, -30));
  await page.getByRole('button', { name: 'Sign in again' }).click();

  // All sessions ended: signing in again asks the app.
  await fillSignIn(page, 'member');
  await codeField(page).fill(authenticatorCode(secret));
  await page.getByRole('button', { name: 'Skip' }).click();
  await page.goto('/security');
  await page.getByRole('button', { name: 'Turn off two-factor' }).click();
  await page.getByRole('dialog').getByLabel('Password', { exact: true }).fill(demoPassword);
  await page.getByRole('dialog').getByRole('button', { name: 'Turn off two-factor' }).click();
  await page.getByRole('link', { name: 'Set up two-factor' }).waitFor();
  expect(await page.getByText('Only your password protects this login.').isVisible()).toBe(true);
});
