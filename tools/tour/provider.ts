import type { Page } from 'playwright-core';
import { demoPassword, type Place, Tour } from './tour.ts';

/** The dealers' customers, before anybody tours; gives the first one's invitation. */
export async function signUpCustomers(place: Place): Promise<string> {
  const tour = new Tour(place, 'provider', '', '');
  const page = await tour.open();
  await tour.signIn(page, 'dealer');
  await page.getByLabel('Find a customer').waitFor();
  const customers = [
    ['Rossi household', 'anna.rossi'],
    ['Baker & Sons', 'tom.baker'],
    ['Kowalski household', 'ewa.kowalski'],
    ['Harbour Dental', 'reception.harbour'],
    ['Nguyen household', 'linh.nguyen'],
  ] as const;
  const invitations: string[] = [];
  for (const [name, loginName] of customers) {
    const emailAddress = `${loginName}@mail.example`;
    const body = JSON.stringify({ name, owner: { loginName, emailAddress } });
    const add = async () => {
      const status = await page.evaluate(`fetch('/v1/provider/accounts', { method: 'POST', headers: { 'content-type': 'application/json' }, body: ${JSON.stringify(body)} }).then(({ status }) => status)`);
      if (status !== 201) throw new Error(`${name} is not added: ${status}`);
    };
    invitations.push(await tour.received(emailAddress, /(https?:\S+\/invitation#[a-z]{56})/, add));
  }
  await acceptAndGetStuck(tour, invitations[1] ?? '', 'tom.baker');
  await page.context().close();
  return invitations[0] ?? '';
}

/** Has codes by email, and types a wrong one. */
async function acceptAndGetStuck(tour: Tour, invitation: string, loginName: string): Promise<void> {
  const page = await tour.open();
  await page.goto(invitation);
  await page.getByLabel('New password').fill(demoPassword);
  await page.getByRole('button', { name: 'Save password' }).click();
  await page.getByText('Your login is ready').waitFor();
  await tour.signIn(page, loginName);
  await page.getByRole('heading', { name: `Hello, ${loginName}` }).waitFor();
  await page.goto('/security/set-up/email');
  const mailbox = `codes.${loginName}@mail.example`;
  await page.getByLabel('Email address').fill(mailbox);
  await page.getByLabel('Password', { exact: true }).fill(demoPassword);
  const code = await tour.codeFor(mailbox, () => page.getByRole('button', { name: 'Send code' }).click());
  await page.getByLabel('Code', { exact: true }).fill(code);
  await page.getByRole('button', { name: 'Sign in again' }).click();
  await page.getByLabel('Login name').waitFor();
  const next = await tour.codeFor(mailbox, () => tour.signIn(page, loginName));
  await page.getByLabel('Code', { exact: true }).fill(String((Number(next) + 1) % 1_000_000).padStart(6, '0'));
  await page.getByText('4 tries left').waitFor();
  await page.context().close();
}

export async function tourOfProvider(place: Place): Promise<void> {
  const tour = new Tour(
    place,
    'provider',
    'A tour for service providers',
    'The dealers who sign customers up and look after them. Their staff see their own customers and nobody else’s, and never a password or a code.',
  );
  const page = await tour.open();
  await tour.signIn(page, 'dealer');
  await page.getByRole('main').getByRole('listitem').getByRole('link').first().waitFor();
  await tour.picture(page, 'customers', 'Find a customer', 'By login name, name of the account or email address, ready to type after signing in. Arrow keys walk through what is found.', 900);
  await helpsTom(tour, page);

  await page.goto('/provider/accounts');
  await page.getByText('Harbour Dental').waitFor();
  await tour.picture(page, 'accounts', 'Accounts', 'Households and businesses, with their logins.', 900);
  await page.goto('/provider/accounts/new');
  await page.getByLabel('Name of the account').fill('Larsen household');
  await page.getByLabel('Login name').fill('mia.larsen');
  await page.getByLabel('Email address').fill('mia.larsen@mail.example');
  await tour.picture(page, 'add-account', 'Sign somebody up', 'An account with its owner, who gets an invitation by email.', 800);
  await page.goto('/provider/policy');
  await page.getByRole('radio', { name: 'Suggested' }).check();
  await tour.picture(page, 'policy', 'Your policy', 'Two-factor is optional, suggested or required for your customers; and whom they call when nothing else helps.', 1000);
  await page.goto('/provider/brand');
  await page.getByLabel('Colour', { exact: true }).fill('#5b3fa8');
  await tour.picture(page, 'brand', 'Your brand', 'Your name, colour and logo, as your customers will see them; text stays readable in every colour.', 1100);
  tour.write();
}

async function helpsTom(tour: Tour, page: Page): Promise<void> {
  await page.getByLabel('Find a customer').fill('baker');
  await page.getByText('1 login', { exact: true }).waitFor();
  await page.getByRole('main').getByRole('listitem').getByRole('link').click();
  await page.getByText('Wrong code, 4 tries left').first().waitFor();
  await tour.picture(page, 'customer', 'Why somebody is stuck', 'The login’s state, and what happened: a code went out, by whom it was taken, and a wrong one was typed.', 1100);
  await page.getByRole('button', { name: 'Turn off two-factor' }).click();
  await page.getByRole('dialog').getByLabel('Reason').fill('Lost the mailbox; called from the number we know.');
  await tour.picture(page, 'turn-off', 'Turn two-factor off for a customer', 'With a reason, which the customer is told at once at every address of the login. Every session ends.');
  await page.getByRole('dialog').getByRole('button', { name: 'Turn off two-factor' }).click();
  await page.getByText('can sign in with the password alone').waitFor();
  await tour.picture(page, 'turned-off', 'It is off', 'The customer gets in with the password and can set two-factor up anew.', 800);
}
