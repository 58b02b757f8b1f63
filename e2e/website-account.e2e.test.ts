import { expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { demoPassword } from './api-client.ts';
import { expectAccessible, fillSignIn, openPage, untilAt, useBrowser } from './browser.ts';
import { codeSentTo, newClient, signInOwner, wrongCodeFor } from './demo.ts';
import { linkSentTo, newPerson, newPhoneNumber, turnOnTwoFactor } from './people.ts';

useBrowser();

const sizes = ['desktop', 'phone'] as const;
const nav = (page: Page) => page.getByRole('navigation', { name: 'Main' });

async function openSignedIn(size: (typeof sizes)[number], loginName: string): Promise<Page> {
  const page = await openPage(size);
  await fillSignIn(page, loginName);
  await untilAt(page, '/');
  return page;
}
async function signedInElsewhere(loginName: string) {
  const client = newClient();
  const answer = await client.post('/v1/login', { loginName, password: demoPassword });
  expect(answer.body.status).toBe('signed_in');
  return client;
}

it.each(sizes)('on a %s sessions are listed, one is ended, then all others', async (size) => {
  const { loginName } = await newPerson('everywhere');
  const others = [await signedInElsewhere(loginName), await signedInElsewhere(loginName), await signedInElsewhere(loginName)];
  const page = await openSignedIn(size, loginName);
  await nav(page).getByRole('link', { name: 'Sessions' }).click();
  const items = page.getByRole('listitem').filter({ has: page.getByRole('button') });
  await expect.poll(() => items.count()).toBe(4);
  await expectAccessible(page, 'sessions');
  expect(await items.filter({ hasText: 'This session' }).getByRole('button').innerText()).toBe('Sign out');
  await items.filter({ hasNotText: 'This session' }).first().getByRole('button', { name: 'End' }).click();
  await expect.poll(() => items.count()).toBe(3);
  const alive = async () => (await Promise.all(others.map((client) => client.get('/v1/session')))).filter(({ status }) => status === 200).length;
  expect(await alive()).toBe(2);
  await page.getByRole('button', { name: 'End all other sessions' }).click();
  await page.getByText('You are signed in nowhere else.').waitFor();
  expect(await alive()).toBe(0);
  await items.getByRole('button', { name: 'Sign out' }).click();
  await page.getByText('You are signed out.').waitFor();
});

it.each(sizes)('on a %s the activity tells each login attempt as one story', async (size) => {
  const phoneNumber = newPhoneNumber();
  const person = await newPerson('watched');
  const { loginName } = person;
  expect((await newClient().post('/v1/login', { loginName, password: 'not the password' })).status).toBe(401);
  await turnOnTwoFactor(person, { kind: 'sms', phoneNumber });
  const page = await openPage(size);
  const { code } = await codeSentTo(phoneNumber, () => fillSignIn(page, loginName));
  await page.locator('[role=status][data-state=accepted], [role=status][data-state=delivered]').waitFor();
  const field = page.getByLabel('Code', { exact: true });
  await field.fill(wrongCodeFor(code));
  await page.getByText('4 tries left').waitFor();
  await field.fill(code);
  await page.getByRole('button', { name: 'Trust device' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await untilAt(page, '/');

  await nav(page).getByRole('link', { name: 'Activity' }).click();
  const stories = (kind: string) => page.locator(`li[data-kind=${kind}]`);
  // Lines are written from events, a moment after what they tell of.
  await expect.poll(async () => (await page.reload(), await stories('device_trusted').first().waitFor({ timeout: 2000 }).then(() => true, () => false)), { timeout: 15_000 }).toBe(true);
  const login = stories('signed_in').filter({ hasText: 'a code by text' });
  expect(await login.count()).toBe(1);
  await login.getByText('Step by step').click();
  const steps = await login.getByRole('listitem').allInnerTexts();
  const told = ['The password was right', 'was made ready', 'A wrong code was entered; 4 tries left', 'Signed in with the password and a code by text'];
  for (const step of told) expect(steps.filter((text) => text.includes(step)), step).toHaveLength(1);
  expect(steps.findIndex((text) => text.includes('The password was right'))).toBe(0);
  expect(await stories('login_refused').innerText()).toContain('A wrong password was entered');
  expect(await stories('two_factor_on').count()).toBe(1);
  expect(await page.getByRole('heading', { name: 'Today' }).count()).toBe(1);
  await expectAccessible(page, 'activity, a story unfolded');
});

it('older activity is loaded by a button, which takes the reader to where it begins', async () => {
  const { loginName } = await newPerson('busy');
  const client = await signedInElsewhere(loginName);
  // Two lines each.
  for (let count = 0; count < 32; count += 1) await client.post('/v1/logout').then(() => client.post('/v1/login', { loginName, password: demoPassword }));
  const page = await openSignedIn('desktop', loginName);
  await expect.poll(async () => (await client.get('/v1/activity')).body.before, { timeout: 15_000 }).not.toBeNull();
  await nav(page).getByRole('link', { name: 'Activity' }).click();
  const stories = page.locator('li[data-story]');
  await stories.first().waitFor();
  const before = await stories.count();
  await page.getByRole('button', { name: 'Load older' }).click();
  await expect.poll(() => stories.count()).toBeGreaterThan(before);
  await stories.nth(before).and(page.locator(':focus')).waitFor();
  await page.getByText('That is everything.').waitFor();
  expect(await page.getByRole('button', { name: 'Load older' }).count()).toBe(0);
  expect(await page.locator('li[data-kind=login_added]').count()).toBe(1);
});

it.each(sizes)('on a %s the owner of an account adds a login by invitation, sends that again, and removes it after a question', async (size) => {
  const owner = newClient();
  await signInOwner(owner);
  const page = await openPage(size, owner);
  await page.goto('/');
  await nav(page).getByRole('link', { name: 'Logins' }).click();
  const list = page.getByRole('region', { name: 'Logins', exact: true });
  await list.getByText('member', { exact: true }).waitFor();
  const own = list.getByRole('listitem').filter({ hasText: 'You' });
  expect(await own.getByRole('button').count()).toBe(0);

  const loginName = `child-${size}-${Date.now().toString(36)}`;
  const fill = async (name: string, address: string) => {
    await page.getByLabel('Login name').fill(name);
    await page.getByLabel('Email address').fill(address);
  };
  const invite = () => page.getByRole('button', { name: 'Send invitation' }).click();
  await fill(loginName, 'no address');
  await invite();
  await page.getByText('This does not look like an email address.').waitFor();
  await fill('MEMBER', `${loginName}@example.com`);
  await invite();
  await page.getByText('This login name is taken').waitFor();
  await page.getByLabel('Login name').and(page.locator(':focus')).waitFor();
  await expectAccessible(page, 'the logins of an account, with a name that is taken');
  await fill(loginName, `${loginName}@example.com`);
  const link = await linkSentTo(`${loginName}@example.com`, 'invitation', invite);
  const line = list.getByRole('listitem').filter({ hasText: loginName });
  await line.getByText('Invited').waitFor();
  expect(link).toContain('/invitation#');
  const newer = await linkSentTo(`${loginName}@example.com`, 'invitation', () => line.getByRole('button', { name: 'Send again' }).click());
  await page.getByText(`A new invitation for ${loginName} is on its way.`).waitFor();
  expect(newer).not.toBe(link);
  await expectAccessible(page, 'an invitation that was sent again');

  await line.getByRole('button', { name: 'Remove' }).click();
  const dialog = page.getByRole('dialog', { name: `Remove ${loginName}?` });
  await dialog.getByRole('button', { name: 'Cancel' }).and(page.locator(':focus')).waitFor();
  await expectAccessible(page, 'removing a login is asked about');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  expect(await line.count()).toBe(1);
  await line.getByRole('button', { name: 'Remove' }).click();
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await page.getByText(`${loginName} was removed.`).waitFor();
  await expect.poll(() => line.count()).toBe(0);
});

it('the logins of the account are no page for anybody but its owner', async () => {
  const { loginName } = await newPerson('child');
  const page = await openSignedIn('desktop', loginName);
  await nav(page).waitFor();
  expect(await nav(page).getByRole('link').allInnerTexts()).toEqual(['Home', 'Security', 'Devices', 'Sessions', 'Activity']);
  await page.goto('/logins');
  await page.getByRole('heading', { name: 'Page not found' }).waitFor();
});
