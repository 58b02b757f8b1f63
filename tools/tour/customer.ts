import type { Page } from 'playwright-core';
import { demoPassword, type Place, Tour } from './tour.ts';

const loginName = 'anna.rossi';
const phone = '+14155550142';
const mailbox = `${loginName}@mail.example`;

/** Invited by the service provider, up to a login with two methods, some devices and a history. */
export async function tourOfCustomer(place: Place, invitation: string): Promise<void> {
  const tour = new Tour(place, 'customer', 'A tour for customers', 'From the invitation to a login that only its owner gets into. Any browser will do, on a computer or a telephone.');
  const page = await tour.open();
  await page.goto(invitation);
  await page.getByLabel('New password').fill(demoPassword);
  await tour.picture(page, 'invitation', 'The invitation', 'Your service provider signs you up, and a link comes by email. Nobody but you gets to know the password that you choose.');
  await page.getByRole('button', { name: 'Save password' }).click();
  await page.getByText('Your login is ready').waitFor();

  await page.goto('/sign-in');
  await page.getByLabel('Login name').fill(loginName);
  await page.getByLabel('Password', { exact: true }).fill(demoPassword);
  await tour.picture(page, 'sign-in', 'Sign in', 'With your login name and password. Password managers fill both.');
  await tour.signIn(page, loginName);
  await page.getByRole('heading', { name: `Hello, ${loginName}` }).waitFor();
  const codes = await setUpText(tour, page);

  await signInWithCode(tour, page, codes);
  await addEmail(tour, page);
  await onThePhone(tour);
  await looksAround(tour, page);
  tour.write();
}

async function setUpText(tour: Tour, page: Page): Promise<string> {
  await page.goto('/security/set-up');
  await page.getByRole('heading', { name: 'Set up two-factor' }).waitFor();
  await tour.picture(page, 'choose-method', 'Turn on two-factor', 'Choose how your codes come: by text, by email, or from an authenticator app, which needs no network.');
  await page.goto('/security/set-up/authenticator-app');
  await page.getByLabel('Password', { exact: true }).fill(demoPassword);
  await page.getByRole('button', { name: 'Show QR code' }).click();
  await page.getByLabel('Code', { exact: true }).waitFor();
  await tour.picture(page, 'authenticator-app', 'An authenticator app', 'Scan the picture, or type the key. A method counts once a code from it was right.', 900);
  await page.goto('/security/set-up/text-message');
  await page.getByLabel('Phone number').fill(phone.slice(2));
  await page.getByLabel('Password', { exact: true }).fill(demoPassword);
  await tour.picture(page, 'phone-number', 'Codes by text message', 'Your password is asked again, so that nobody at your unlocked screen changes how you sign in.');
  const code = await tour.codeFor(phone, () => page.getByRole('button', { name: 'Send code' }).click());
  await page.getByLabel('Code', { exact: true }).fill(code);
  await page.getByRole('heading', { name: 'Two-factor is on', exact: true }).waitFor();
  await tour.picture(page, 'recovery-codes', 'Recovery codes', 'Shown once. Each lets you in when the phone is lost. Other sessions end now, and the next login asks for a code.', 900);
  await page.getByRole('button', { name: 'Sign in again' }).click();
  await page.getByLabel('Login name').waitFor();
  return tour.codeFor(phone, () => tour.signIn(page, loginName));
}

async function signInWithCode(tour: Tour, page: Page, code: string): Promise<void> {
  await page.locator('[role=status][data-state=delivered], [role=status][data-state=accepted]').waitFor();
  await tour.picture(page, 'enter-code', 'Enter your code', 'The page says what really happens to the text: on its way, taken by the phone company, delivered, or failed and what to do then.');
  await page.getByLabel('Code', { exact: true }).fill(code);
  await page.getByRole('button', { name: 'Trust device' }).waitFor();
  await tour.picture(page, 'trust-device', 'Trust this device?', 'On a trusted device, no code is asked for 30 days. Skip it on a computer that others use.');
  await page.getByRole('button', { name: 'Trust device' }).click();
  await page.getByRole('button', { name: 'Continue' }).waitFor();
  await tour.picture(page, 'recognized-devices', 'Recognized devices', 'Every device that lately got into your login, so that one you do not know is noticed.');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { name: `Hello, ${loginName}` }).waitFor();
}

/** A second method; that ends the session, and the device is trusted still or asks again. */
async function addEmail(tour: Tour, page: Page): Promise<void> {
  await page.goto('/security/set-up/email');
  await page.getByLabel('Email address').fill(mailbox);
  await page.getByLabel('Password', { exact: true }).fill(demoPassword);
  const code = await tour.codeFor(mailbox, () => page.getByRole('button', { name: 'Send code' }).click());
  await page.getByLabel('Code', { exact: true }).fill(code);
  await page.getByRole('button', { name: 'Sign in again' }).click();
  await page.getByLabel('Login name').waitFor();
  await tour.signIn(page, loginName);
  await page.getByRole('heading', { name: `Hello, ${loginName}` }).waitFor();
}

async function onThePhone(tour: Tour): Promise<void> {
  const page = await tour.open('phone');
  await page.goto('/sign-in');
  await tour.picture(page, 'phone-sign-in', 'On a telephone', 'The same pages, made for a thumb.');
  const code = await tour.codeFor(phone, () => tour.signIn(page, loginName));
  await page.locator('[role=status][data-state=delivered], [role=status][data-state=accepted]').waitFor();
  await page.getByLabel('Code', { exact: true }).fill(wrong(code));
  await page.getByText('4 tries left').waitFor();
  await tour.picture(page, 'phone-wrong-code', 'A wrong code', 'Five tries, then the code is worth nothing. Another method is one touch away.');
  await page.getByRole('link', { name: 'I can’t get codes' }).click();
  await page.getByRole('heading', { name: 'Can’t get codes?' }).waitFor();
  await tour.picture(page, 'phone-no-codes', 'No phone, no codes', 'A code to your mailbox turns two-factor off, but only after your password was right. Recovery codes work as well.');
  await page.getByText('Back to the code').click();
  await page.getByLabel('Code', { exact: true }).fill(code);
  await page.getByRole('button', { name: 'Skip' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { name: `Hello, ${loginName}` }).waitFor();
}

async function looksAround(tour: Tour, page: Page): Promise<void> {
  const look = async (path: string, heading: string, file: string, title: string, text: string, upTo?: number) => {
    await page.goto(path);
    await page.getByRole('heading', { name: heading, exact: true }).first().waitFor();
    await tour.picture(page, file, title, text, upTo);
  };
  await look('/', `Hello, ${loginName}`, 'home', 'Home', 'How you signed in, on which device, and the ways from here. A trusted device is never called a second factor.', 800);
  await look('/security', 'Your methods', 'security', 'Security', 'Your methods, which of them is asked first, recovery codes, your password, and the way to begin anew.', 1000);
  await look('/devices', 'Trusted devices', 'devices', 'Devices', 'Trust a device that is yours, forget one that is sold.', 800);
  await look('/sessions', 'Sessions', 'sessions', 'Sessions', 'Where you are signed in at this moment. End one, or all others.');
  await page.goto('/activity');
  await page.getByText('Step by step').first().click();
  await tour.picture(page, 'activity', 'Activity', 'What happened with your login. Each attempt is one story, with its wrong codes and what became of the text.', 900);
}

const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');
