import { eventually, readInbox } from '@latchkey/testing';
import type { Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { type ApiClient, demoPassword } from './api-client.ts';
import { expectAccessible, fillSignIn, openPage, tabTo, untilAt, useBrowser } from './browser.ts';
import { addMethod, codeSentTo, newClient, signIn, system, wrongCodeFor } from './demo.ts';

useBrowser();

const searchField = (page: Page) => page.getByLabel('Find a customer');
const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true });
const hits = (page: Page) => page.getByRole('main').getByRole('listitem').getByRole('link');
const hasFocus = (target: Locator) => target.and(target.page().locator(':focus')).waitFor();
const unique = () => `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 6)}`;

/** The same state in both colour schemes. */
async function expectAccessibleInBoth(page: Page, what: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page, `${what}, ${colorScheme}`);
  }
}

async function dealer(): Promise<ApiClient> {
  const client = newClient();
  await signIn(client, 'dealer');
  return client;
}

async function openConsole(size: 'desktop' | 'phone', path: string): Promise<Page> {
  const page = await openPage(size, await dealer());
  await page.goto(path);
  return page;
}

async function addAccount(client: ApiClient, loginName: string) {
  const added = await client.post('/v1/provider/accounts', { name: `Household ${loginName}`, owner: { loginName, emailAddress: `${loginName}@customer.example` } });
  if (added.status !== 201) throw new Error(`not added: ${added.status} ${JSON.stringify(added.body)}`);
  return { loginName, id: added.body.logins[0].id as string, account: added.body.name as string };
}

/** The secret in the invitation's link. */
const invitationTo = (loginName: string) =>
  eventually(
    async () => {
      const messages = await readInbox(system().inboxUrl, `${loginName}@customer.example`);
      return messages.map(({ text }) => /#([a-z]{56})/.exec(text)?.[1]).find(Boolean);
    },
    { timeoutMs: 15_000, what: `an invitation to ${loginName}` },
  );

/** A customer of this test alone, who has chosen a password. */
async function addCustomer() {
  const customer = await addAccount(await dealer(), `zoe-${unique()}`);
  const accepted = await newClient().post('/v1/invitations/accept', { token: await invitationTo(customer.loginName), password: demoPassword });
  if (accepted.status !== 204) throw new Error(`not accepted: ${accepted.status} ${JSON.stringify(accepted.body)}`);
  return customer;
}

/** A customer with codes by email, who has just typed a wrong one and sits before the page, puzzled. */
async function addStuckCustomer() {
  const customer = await addCustomer();
  const client = newClient();
  await signIn(client, customer.loginName);
  const emailAddress = `codes-${customer.loginName}@customer.example`;
  await addMethod(client, { kind: 'email', emailAddress });
  const { code, answer } = await codeSentTo(emailAddress, () => client.post('/v1/login', { loginName: customer.loginName, password: demoPassword }));
  await client.post('/v1/login/verify-code', { attempt: answer.body.attempt, methodId: answer.body.sent.methodId, code: wrongCodeFor(code) });
  return { ...customer, emailAddress };
}

it.each(['desktop', 'phone'] as const)('on a %s the dealer finds a stuck customer, sees why, turns two-factor off with a reason, and the customer is told and gets in', async (size) => {
  const customer = await addStuckCustomer();
  const page = await openPage(size);
  await fillSignIn(page, 'dealer');
  // Straight to the search, ready to type.
  await hasFocus(searchField(page));
  await page.keyboard.type(customer.loginName.slice(4).toUpperCase());
  await page.getByText('1 login', { exact: true }).waitFor();
  await hits(page).click();

  await hasFocus(heading(page, customer.loginName));
  const attempt = page.getByRole('listitem').filter({ hasText: 'Wrong code' }).first();
  await attempt.getByText('Code asked for', { exact: true }).waitFor();
  await attempt.getByText('Wrong code, 4 tries left').waitFor();
  await page.getByRole('button', { name: 'Turn off two-factor' }).click();
  const dialog = page.getByRole('dialog', { name: `Turn off two-factor for ${customer.loginName}?` });
  await dialog.getByText('Every session ends').waitFor();
  await dialog.getByRole('button', { name: 'Turn off two-factor' }).click();
  await dialog.getByText('Write a reason').waitFor();
  await dialog.getByLabel('Reason').fill('Lost the phone; called from the number we know.');
  await dialog.getByRole('button', { name: 'Turn off two-factor' }).click();

  await page.getByText(`${customer.loginName} can sign in with the password alone`).waitFor();
  await page.getByText('The password alone lets this customer in.').waitFor();
  expect(await page.getByRole('region', { name: 'Two-factor', exact: true }).getByRole('button').count()).toBe(0);
  await page.getByText('“Lost the phone; called from the number we know.”').waitFor();
  await eventually(async () => (await readInbox(system().inboxUrl, `${customer.loginName}@customer.example`)).some(({ text }) => text.includes('Lost the phone')), { timeoutMs: 15_000, what: 'the notice to the customer' });
  expect(await signIn(newClient(), customer.loginName)).toMatchObject({ assurance: 'pwd' });
  // The reading of the timeline that is still to come must not disturb what stands there.
  await page.getByRole('button', { name: 'Refresh' }).click();
  await page.getByText('Signed in by password alone (new device)').first().waitFor();
});

it('the dealer helps a customer with nothing but the keyboard', async () => {
  const customer = await addStuckCustomer();
  const page = await openConsole('desktop', '/');
  await hasFocus(searchField(page));
  // Enter comes before the answer to what was typed: it waits for it.
  await page.keyboard.type(customer.loginName);
  await page.keyboard.press('Enter');
  await hasFocus(heading(page, customer.loginName));
  await tabTo(page, page.getByRole('button', { name: 'Turn off two-factor' }));
  await page.keyboard.press('Enter');
  await hasFocus(page.getByLabel('Reason'));
  await page.keyboard.press('Escape');
  await hasFocus(page.getByRole('button', { name: 'Turn off two-factor' }));
  await page.keyboard.press('Enter');
  await hasFocus(page.getByLabel('Reason'));
  await page.keyboard.type('New phone');
  await page.keyboard.press('Enter');
  await hasFocus(page.getByRole('status').filter({ hasText: 'Two-factor is off now' }));
  await tabTo(page, page.getByRole('link', { name: 'Customers' }).last());
});

it('the search walks through its hits by arrow keys, adds the next page, and is found again when coming back', async () => {
  const client = await dealer();
  const prefix = `many-${unique()}`;
  for (let number = 10; number < 62; number += 1) await addAccount(client, `${prefix}-${number}`);
  const page = await openConsole('desktop', '/provider/customers');
  await searchField(page).fill(prefix);
  await page.getByText('The first 50 logins').waitFor();
  await page.keyboard.press('Enter');
  await hasFocus(hits(page).first());
  await page.keyboard.press('ArrowDown');
  await hasFocus(hits(page).nth(1));
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await hasFocus(searchField(page));

  await page.getByRole('button', { name: 'Show more' }).click();
  await page.getByText('52 logins').waitFor();
  await hasFocus(hits(page).nth(50));
  expect(await hits(page).nth(51).textContent()).toContain(`${prefix}-61`);
  expect(await page.getByRole('button', { name: 'Show more' }).count()).toBe(0);
  await page.keyboard.press('Enter');
  await hasFocus(heading(page, `${prefix}-60`));
  await page.getByText('Has not accepted the invitation yet').waitFor();
  await page.getByRole('main').getByRole('link', { name: 'Customers' }).click();
  await page.getByText('The first 50 logins').waitFor();
  expect(await searchField(page).inputValue()).toBe(prefix);

  await page.goto('/provider/accounts');
  await page.getByText(`Household ${prefix}-61`).waitFor();
  await page.getByRole('button', { name: 'Show more' }).click();
  await page.getByText('Demo household').waitFor();
});

it('an answer that comes late does not stand for what was typed after it', async () => {
  const page = await openConsole('desktop', '/provider/customers');
  await hits(page).first().waitFor();
  await page.route(/query=owner/, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await route.continue().catch(() => undefined);
  });
  await searchField(page).fill('owner');
  await page.waitForRequest(/query=owner/);
  await searchField(page).fill('member');
  await page.getByText('1 login', { exact: true }).waitFor();
  await page.waitForTimeout(2000);
  expect(await hits(page).allTextContents()).toEqual([expect.stringContaining('member')]);
});

it('the search says that nothing was found, and that it was refused, and goes on when asked', async () => {
  const page = await openConsole('phone', '/provider/customers');
  await searchField(page).fill('nobody%_by this name');
  await page.getByText('No customer of yours has “nobody%_by this name”').waitFor();
  await expectAccessibleInBoth(page, 'nothing found');
  // The real limit is wide in development.
  const problem = { type: 'about:blank', title: 'Too many requests', status: 429, code: 'too_many_requests', retryAfterSeconds: 1 };
  await page.route(/\/v1\/provider\/logins/, (route) => route.fulfill({ status: 429, contentType: 'application/problem+json', headers: { 'retry-after': '1' }, body: JSON.stringify(problem) }));
  await searchField(page).fill('member');
  await page.getByText('Too many tries.').waitFor();
  await expectAccessibleInBoth(page, 'the search failed');
  await page.unroute(/\/v1\/provider\/logins/);
  await page.getByRole('button', { name: 'Try again', exact: true }).click();
  await page.getByText('1 login', { exact: true }).waitFor();
  await expectAccessibleInBoth(page, 'one hit');
});

it('the timeline keeps an attempt together that its pages cut in two, and loads what is older', async () => {
  const customer = await addStuckCustomer();
  for (let count = 0; count < 14; count += 1) {
    await codeSentTo(customer.emailAddress, () => newClient().post('/v1/login', { loginName: customer.loginName, password: demoPassword }));
  }
  const page = await openConsole('phone', `/provider/customers/${customer.id}`);
  const timeline = page.getByRole('region', { name: 'What happened' });
  await timeline.getByRole('button', { name: 'Load older' }).click();
  await timeline.getByText('Login added, invitation emailed').waitFor();
  await timeline.getByText('This is where the timeline begins.').waitFor();
  await page.getByText(/\d+ older entr/).waitFor();
  expect(await timeline.getByText('Code asked for', { exact: true }).count()).toBe(15);
  expect(await page.evaluate('document.activeElement.tagName')).toBe('LI');
  await expectAccessibleInBoth(page, 'a long timeline');
});

it.each(['desktop', 'phone'] as const)('on a %s the dealer adds an account, is told of a name that is taken, and the owner is invited', async (size) => {
  const loginName = `new-${unique()}`;
  const page = await openConsole(size, '/provider/accounts');
  await page.getByText('Demo household').or(page.getByRole('button', { name: 'Show more' })).first().waitFor();
  await page.getByRole('link', { name: 'Add an account' }).click();
  await hasFocus(page.getByLabel('Name of the account'));
  await page.keyboard.press('Enter');
  await page.getByText('Enter a name for the account.').waitFor();
  await page.getByText('This does not look like an email address.').waitFor();
  await hasFocus(page.getByLabel('Name of the account'));
  if (size === 'phone') await expectAccessibleInBoth(page, 'an account without anything');
  await page.getByLabel('Name of the account').fill('Zoë & Søn');
  await page.getByLabel('Login name').fill('OWNER');
  await page.getByLabel('Email address').fill(`${loginName}@customer.example`);
  await page.getByRole('button', { name: 'Add and invite' }).click();
  await page.getByText('This login name is taken').waitFor();
  await hasFocus(page.getByLabel('Login name'));
  await page.getByLabel('Login name').fill(loginName);
  await page.keyboard.press('Enter');
  await hasFocus(heading(page, 'Zoë & Søn is added'));
  if (size === 'phone') await expectAccessibleInBoth(page, 'an account is added');
  await invitationTo(loginName);
  await page.getByRole('link', { name: 'See the owner’s login' }).click();
  await heading(page, loginName).waitFor();
  await page.getByText('Has not accepted the invitation yet').waitFor();
});

/** Only with two-factor of their own can staff change a policy that requires it. */
async function takeBackPolicy(policy: object): Promise<void> {
  const client = await dealer();
  if ((await client.call('PUT', '/v1/provider/policy', policy)).status === 200) return;
  const emailAddress = `dealer-${unique()}@demo-security.example`;
  await addMethod(client, { kind: 'email', emailAddress });
  const { code, answer } = await codeSentTo(emailAddress, () => client.post('/v1/login', { loginName: 'dealer', password: demoPassword }));
  await client.post('/v1/login/verify-code', { attempt: answer.body.attempt, methodId: answer.body.sent.methodId, code });
  expect((await client.call('PUT', '/v1/provider/policy', policy)).status).toBe(200);
  expect((await client.post('/v1/two-factor/disable', { password: demoPassword })).status).toBe(204);
}

it('the policy says what it means, asks before it shuts customers out, and counts for them at once', async () => {
  const client = await dealer();
  const { body: before } = await client.get('/v1/provider/policy');
  const customer = await addCustomer();
  const theirs = newClient();
  await signIn(theirs, customer.loginName);
  const page = await openConsole('phone', '/provider/policy');
  try {
    await page.getByRole('radio', { name: 'Optional', checked: true }).waitFor();
    await expectAccessibleInBoth(page, 'the policy');
    await page.getByLabel('Email address').fill('help');
    await page.getByRole('button', { name: 'Save' }).click();
    await hasFocus(page.getByLabel('Email address'));
    await page.getByLabel('Email address').fill('');
    await page.getByLabel('Phone number').fill('');
    await page.getByText('a locked-out customer cannot reach you').waitFor();
    await expectAccessibleInBoth(page, 'nobody to call');
    await page.getByLabel('Phone number').fill('+1 415 555 0199');
    await page.getByRole('radio', { name: 'Required' }).check();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog').getByText('It counts at once').waitFor();
    await expectAccessibleInBoth(page, 'asked whether to require it');
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect((await theirs.get('/v1/devices')).status).toBe(200);

    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Require it' }).click();
    await page.getByText('Saved.').waitFor();
    expect((await theirs.get('/v1/devices')).body).toMatchObject({ code: 'two_factor_setup_required' });
    // The dealer is no customer, and goes on.
    await page.getByRole('link', { name: 'Customers', exact: true }).click();
    await untilAt(page, '/provider/customers');
  } finally {
    await takeBackPolicy(before);
  }
});

it('every state of a customer is accessible and never scrolls sideways', async () => {
  const customer = await addStuckCustomer();
  const page = await openConsole('desktop', `/provider/customers/${customer.id}`);
  await page.getByText('Wrong code, 4 tries left').waitFor();
  await expectAccessibleInBoth(page, 'a customer with two-factor');
  await page.getByRole('button', { name: 'Turn off two-factor' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Turn off two-factor' }).click();
  await page.getByText('Write a reason').waitFor();
  await expectAccessibleInBoth(page, 'turning it off without a reason');
  await page.getByLabel('Reason').fill('x'.repeat(500));
  await page.keyboard.press('Enter');
  await page.getByText('“xxxx').waitFor();
  await expectAccessibleInBoth(page, 'it is off');
  await page.goto('/provider/accounts');
  await page.getByRole('link', { name: customer.loginName }).waitFor();
  await expectAccessibleInBoth(page, 'accounts');
});

it('a customer who is not there is said to be gone, and to customers the console is not there at all', async () => {
  const page = await openConsole('phone', '/provider/customers/01983e5c-0000-7000-8000-00000000ffff');
  await heading(page, 'This customer is not there').waitFor();
  await expectAccessibleInBoth(page, 'no such customer');
  const member = newClient();
  await signIn(member, 'member');
  const theirs = await openPage('desktop', member);
  await theirs.goto('/provider/customers');
  await heading(theirs, 'Page not found').waitFor();
  expect(await theirs.getByRole('link', { name: 'Customers' }).count()).toBe(0);
  await theirs.goto('/');
  await heading(theirs, 'Hello, member').waitFor();
  await untilAt(theirs, '/');
});
