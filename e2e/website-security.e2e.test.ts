import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { demoPassword } from './api-client.ts';
import { codeField, expectAccessible, fillSignIn, openPage, untilAt, useBrowser } from './browser.ts';
import { codeSentTo, newClient } from './demo.ts';
import { newPerson, newPhoneNumber, type Person, turnOnTwoFactor } from './people.ts';

useBrowser();

const codesIn = (text: string) => text.match(/\b[0-9a-z]{4}(-[0-9a-z]{4}){3}\b/g) ?? [];
const dialog = (page: Page) => page.getByRole('dialog');

async function confirmWithPassword(page: Page, action: string): Promise<void> {
  await dialog(page).getByLabel('Password', { exact: true }).fill(demoPassword);
  await dialog(page).getByRole('button', { name: action }).click();
}

/** Signed in with a texted code. */
async function openSecurity(page: Page, person: Person, phoneNumber: string): Promise<void> {
  const { code } = await codeSentTo(phoneNumber, () => fillSignIn(page, person.loginName));
  await codeField(page).fill(code);
  await page.getByRole('button', { name: 'Skip' }).click();
  await page.goto('/security');
  await page.getByRole('heading', { name: 'Recovery codes', exact: true }).waitFor();
}

it.each(['desktop', 'phone'] as const)('on a %s the first set-up shows the recovery codes before it leads on', async (size) => {
  const person = await newPerson('sets-up');
  const page = await openPage(size);
  await fillSignIn(page, person.loginName);
  await untilAt(page, '/');
  await page.goto('/security/set-up/email');
  await page.getByLabel('Email address').fill(person.emailAddress);
  await page.getByLabel('Password', { exact: true }).fill(demoPassword);
  const { code } = await codeSentTo(person.emailAddress, () => page.getByRole('button', { name: 'Send code' }).click());
  await codeField(page).fill(code);
  await page.getByRole('heading', { name: 'Two-factor is on', exact: true }).waitFor();
  const shown = await page.getByRole('list', { name: 'Recovery codes' }).innerText();
  expect(new Set(codesIn(shown)).size).toBe(10);
  await expectAccessible(page, 'recovery codes after the set-up');
  await page.getByRole('button', { name: 'Sign in again' }).click();
  await page.getByText('Two-factor has changed').waitFor();

  await codeSentTo(person.emailAddress, () => fillSignIn(page, person.loginName));
  await page.getByRole('button', { name: 'Use another method' }).click();
  await page.getByRole('button', { name: 'Use a recovery code' }).click();
  await page.getByLabel('Recovery code').fill(codesIn(shown)[3] ?? '');
  await page.getByRole('button', { name: 'Verify' }).click();
  await page.getByRole('button', { name: 'Skip' }).click();
  await page.goto('/security');
  await page.getByText('9 codes left').waitFor();
});

it.each(['desktop', 'phone'] as const)('on a %s new recovery codes are shown once, can be kept as a file, and the old ones stop working', async (size) => {
  const phoneNumber = newPhoneNumber();
  const person = await newPerson('renews');
  const [old = ''] = await turnOnTwoFactor(person, { kind: 'sms', phoneNumber });
  const page = await openPage(size);
  await openSecurity(page, person, phoneNumber);
  await page.getByText('10 codes left').waitFor();
  await page.getByText('You have one method only.').waitFor();
  await expectAccessible(page, 'security with recovery codes');
  await page.getByRole('button', { name: 'Make new codes' }).click();
  await confirmWithPassword(page, 'Make new codes');
  const region = page.getByRole('region', { name: 'Your new recovery codes' });
  await region.waitFor();
  const made = codesIn(await region.innerText());
  expect(made).toHaveLength(10);
  expect(made).not.toContain(old);
  await dialog(page).waitFor({ state: 'detached' });
  await expectAccessible(page, 'new recovery codes');
  const download = page.waitForEvent('download');
  await region.getByRole('button', { name: 'Download' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/\.txt$/);
  const kept = readFileSync(await file.path(), 'utf8');
  expect(codesIn(kept)).toEqual(made);
  expect(kept).toContain(person.loginName);

  // On paper there is nothing else.
  await page.emulateMedia({ media: 'print' });
  expect(await page.getByRole('heading', { name: 'Security', exact: true }).isVisible()).toBe(false);
  expect(await page.getByText(made[0] ?? '').isVisible()).toBe(true);
  expect(await page.getByText(`Recovery codes of ${person.loginName}.`).isVisible()).toBe(true);
  await page.emulateMedia({ media: 'screen' });
  await region.getByRole('button', { name: 'I have kept them' }).click();
  expect(codesIn(await page.locator('body').innerText())).toEqual([]);

  const client = newClient();
  const { answer } = await codeSentTo(phoneNumber, () => client.post('/v1/login', { loginName: person.loginName, password: demoPassword }));
  const methodId = answer.body.methods.find(({ kind }: { kind: string }) => kind === 'recovery_code').id;
  expect((await client.post('/v1/login/verify-code', { attempt: answer.body.attempt, methodId, code: old })).status).toBe(401);
  expect((await client.post('/v1/login/verify-code', { attempt: answer.body.attempt, methodId, code: made[9] })).status).toBe(200);
});

it('a reset asks for the password, clears everything and leads into set-up again', async () => {
  const phoneNumber = newPhoneNumber();
  const person = await newPerson('begins-anew');
  await turnOnTwoFactor(person, { kind: 'sms', phoneNumber });
  const page = await openPage();
  await openSecurity(page, person, phoneNumber);
  await page.getByRole('button', { name: 'Reset two-factor' }).click();
  await expectAccessible(page, 'a reset asks for the password');
  await confirmWithPassword(page, 'Reset two-factor');
  await untilAt(page, '/security/set-up');
  await page.getByRole('heading', { name: 'Set up two-factor' }).waitFor();
  expect((await newClient().post('/v1/login', { loginName: person.loginName, password: demoPassword })).body.status).toBe('signed_in');
});

it.each(['desktop', 'phone'] as const)('on a %s the password is changed, with the present one, and other sessions end', async (size) => {
  const person = await newPerson('changes');
  const other = newClient();
  await other.post('/v1/login', { loginName: person.loginName, password: demoPassword });
  const page = await openPage(size);
  await fillSignIn(page, person.loginName);
  await untilAt(page, '/');
  await page.goto('/security');
  await page.getByRole('link', { name: 'Change password' }).click();
  const change = async (present: string, next: string) => {
    await page.getByLabel('Current password').fill(present);
    await page.getByLabel('New password', { exact: true }).fill(next);
    await page.getByRole('button', { name: 'Change password' }).click();
  };
  await change('', 'another-horse-another-battery');
  await page.getByText('Enter your current password.').waitFor();
  await change('not the password', 'another-horse-another-battery');
  await page.getByText('The password is not right.').waitFor();
  await page.getByLabel('Current password').and(page.locator(':focus')).waitFor();
  await change(demoPassword, 'password123');
  await page.getByText('This is one of the most common passwords.').waitFor();
  await expectAccessible(page, 'changing the password');
  await change(demoPassword, 'another-horse-another-battery');
  await page.getByRole('heading', { name: 'Your password is changed' }).and(page.locator(':focus')).waitFor();
  expect((await other.get('/v1/session')).status).toBe(401);
  await page.getByRole('link', { name: 'Back to security' }).click();
  await page.getByText('Only your password protects this login.').waitFor();
});
