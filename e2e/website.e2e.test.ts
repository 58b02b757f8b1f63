import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { latestCode } from '@latchkey/testing';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoPassword } from './api-client.ts';
import { closeBrowser, expectAccessible, launchBrowser, openPage } from './browser.ts';
import { authenticatorCode, ownerPhone, system } from './demo.ts';

beforeAll(launchBrowser);
afterAll(closeBrowser);

async function fillSignIn(page: Page, loginName: string) {
  await page.goto('/sign-in');
  await page.getByLabel('Login name').fill(loginName);
  await page.getByLabel('Password', { exact: true }).fill(demoPassword);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

describe.each(['desktop', 'phone'] as const)('on a %s', (size) => {
  it('owner signs in with the texted code, trusts the device and needs no code the next time', async () => {
    const { page, context, errors } = await openPage(system().baseUrl, size);
    await page.goto('/sign-in');
    await page.getByLabel('Login name').waitFor();
    await expectAccessible(page);
    const after = new Date();
    await fillSignIn(page, 'owner');
    await page.getByLabel('Code', { exact: true }).waitFor();
    await page.locator('[role=status][data-state=accepted]').waitFor();
    await expectAccessible(page);
    // The sixth digit submits: no button has to be found on a small screen.
    await page.getByLabel('Code', { exact: true }).fill(await latestCode(system().inboxUrl, ownerPhone, { after }));
    await page.getByRole('button', { name: 'Trust device' }).waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Trust device' }).click();
    await page.getByRole('button', { name: 'Continue' }).waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.waitForURL((url) => url.pathname === '/');
    await expectAccessible(page);
    await page.goto('/devices');
    await page.getByRole('heading', { name: 'Trusted devices' }).waitFor();
    await expectAccessible(page);

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL((url) => url.pathname === '/sign-in');
    await fillSignIn(page, 'owner');
    await page.waitForURL((url) => url.pathname === '/');
    expect(errors).toEqual([]);
    await context.close();
  });
});

it('a wrong code is told with the tries left, and reloading the page keeps the attempt', async () => {
  const { page, context, errors } = await openPage(system().baseUrl);
  const after = new Date();
  await fillSignIn(page, 'owner');
  const code = await latestCode(system().inboxUrl, ownerPhone, { after });
  await page.getByLabel('Code', { exact: true }).fill(code === '123456' ? '654321' : '123456');
  await page.getByText(/4 (tries|attempts)/i).waitFor();
  await page.reload();
  await page.getByLabel('Code', { exact: true }).fill(code);
  await page.getByRole('button', { name: 'Skip' }).click();
  await page.waitForURL((url) => url.pathname !== '/sign-in/trust-device');
  expect(errors).toEqual([]);
  await context.close();
});

it('member sets up an authenticator app from the QR code on the screen', async () => {
  const { page, context, errors } = await openPage(system().baseUrl);
  await fillSignIn(page, 'member');
  await page.waitForURL((url) => url.pathname === '/');
  await page.goto('/security/set-up/authenticator-app');
  await page.getByLabel('Password', { exact: true }).fill(demoPassword);
  await page.getByRole('button', { name: 'Show QR code' }).click();
  await page.getByLabel('Code', { exact: true }).waitFor();
  await expectAccessible(page);

  const folder = mkdtempSync(join(tmpdir(), 'latchkey-qr-'));
  const picture = join(folder, 'screen.png');
  await page.screenshot({ path: picture });
  const uri = execFileSync('zbarimg', ['--quiet', '--raw', picture], { encoding: 'utf8' }).trim();
  rmSync(folder, { recursive: true });
  const secret = new URL(uri).searchParams.get('secret') ?? '';
  await page.getByLabel('Code', { exact: true }).fill(authenticatorCode(secret, -30));
  await page.getByRole('link', { name: /sign in/i }).or(page.getByRole('button', { name: /sign in/i })).first().waitFor();

  // All sessions ended: signing in again asks the app.
  await fillSignIn(page, 'member');
  await page.getByLabel('Code', { exact: true }).fill(authenticatorCode(secret));
  await page.getByRole('button', { name: 'Skip' }).click();
  await page.goto('/security');
  await page.getByRole('button', { name: 'Turn off two-factor' }).click();
  await page.getByRole('dialog').getByLabel('Password', { exact: true }).fill(demoPassword);
  await page.getByRole('dialog').getByRole('button', { name: /turn off/i }).click();
  await page.getByRole('link', { name: 'Set up two-factor' }).waitFor();
  expect(errors).toEqual([]);
  await context.close();
});
