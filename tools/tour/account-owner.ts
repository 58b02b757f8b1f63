import { type Place, Tour } from './tour.ts';

const ownersPhone = '+14155550123';

/** The demo's owner gives the other people of the household their own logins. */
export async function tourOfAccountOwner(place: Place): Promise<void> {
  const tour = new Tour(
    place,
    'account-owner',
    'A tour for account owners',
    'An account is a household or a business. Its owner has all that [customers](customer.md) have, and makes logins for the others: nobody shares a password.',
  );
  const page = await tour.open();
  const code = await tour.codeFor(ownersPhone, () => tour.signIn(page, 'owner'));
  await page.getByLabel('Code', { exact: true }).fill(code);
  await page.getByRole('button', { name: 'Trust device' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { name: 'Hello, owner' }).waitFor();
  await tour.picture(page, 'home', 'Home', 'As every customer’s, with one place more: the logins of the account.', 800);

  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Logins' }).click();
  await page.getByLabel('Login name').fill('grandma');
  await page.getByLabel('Email address').fill('grandma@household.example');
  await tour.picture(page, 'add-login', 'Add a login', 'A name and a mailbox. The password is chosen by the one who is invited.', 900);
  const invitation = await tour.received('grandma@household.example', /(https?:\S+\/invitation#[a-z]{56})/, () => page.getByRole('button', { name: 'Send invitation' }).click());
  await page.getByText('has not chosen a password yet').waitFor();
  await tour.picture(page, 'invited', 'Invited', 'Who has not come yet is marked. The invitation can be sent again, and the link before it stops working.', 900);

  const guest = await tour.open('phone');
  await guest.goto(invitation);
  await guest.getByLabel('New password').waitFor();
  await tour.picture(guest, 'invitation', 'What the invited person sees', 'The link in the email works once, and only until a newer one is sent.');

  await page.getByRole('listitem').filter({ hasText: 'grandma' }).getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).waitFor();
  await tour.picture(page, 'remove', 'Remove a login', 'Whoever is removed is signed out everywhere, at once.');
  tour.write();
}
