import { expect, it } from 'vitest';
import { demoPassword } from './api-client.ts';
import { expectAccessible, fillSignIn, openPage, untilAt, useBrowser } from './browser.ts';
import { codeSentTo, newClient, system } from './demo.ts';
import { invitedPerson, linkSentTo, newPerson, newPhoneNumber, turnOnTwoFactor } from './people.ts';

useBrowser();

const otherPassword = 'another-horse-another-battery';
const heading = (name: string) => ({ name, exact: true });

it.each(['desktop', 'phone'] as const)('on a %s an invited person chooses a password and signs in with it; the link works once', async (size) => {
  const { loginName, link } = await invitedPerson('invited');
  const page = await openPage(size);
  await page.goto(link);
  await page.getByRole('heading', heading('Welcome. Choose your password')).waitFor();
  await expectAccessible(page, 'an invitation');
  const choose = async (password: string) => {
    await page.getByLabel('New password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Save password' }).click();
  };
  await choose('short');
  await page.getByText('Choose at least 8 characters.').waitFor();
  await choose('password123');
  await page.getByText('This is one of the most common passwords.').waitFor();
  await page.getByLabel('New password', { exact: true }).and(page.locator(':focus')).waitFor();
  await expectAccessible(page, 'a password that is too common');
  await choose(loginName);
  await page.getByText('Do not choose your login name').waitFor();
  await choose(otherPassword);
  await page.getByRole('heading', heading('Your login is ready')).waitFor();
  await expectAccessible(page, 'an accepted invitation');
  expect(page.url()).not.toContain('#');
  await page.getByRole('link', { name: 'Sign in' }).click();
  await fillSignIn(page, loginName, otherPassword);
  await page.getByRole('heading', heading(`Hello, ${loginName}`)).waitFor();

  await page.goto(link);
  await choose(otherPassword);
  await page.getByRole('heading', heading('This link does not work any more')).and(page.locator(':focus')).waitFor();
  await expectAccessible(page, 'an invitation that is used');
});

it.each(['desktop', 'phone'] as const)('on a %s a forgotten password is replaced by an emailed link, which signs nobody in', async (size) => {
  const { loginName, emailAddress } = await newPerson('forgetful');
  const page = await openPage(size);
  await page.goto('/sign-in');
  await page.getByLabel('Login name').fill(loginName);
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  expect(await page.getByLabel('Login name').inputValue()).toBe(loginName);
  await expectAccessible(page, 'a forgotten password');
  const link = await linkSentTo(emailAddress, 'new-password', () => page.getByRole('button', { name: 'Send link' }).click());
  await page.getByRole('heading', heading('Look into your mailbox')).and(page.locator(':focus')).waitFor();
  await expectAccessible(page, 'a link is sent');

  await page.goto(link);
  await page.getByLabel('New password', { exact: true }).fill(otherPassword);
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByRole('heading', heading('Your password is changed')).waitFor();
  await page.getByRole('link', { name: 'Sign in' }).click();
  await fillSignIn(page, loginName);
  await page.getByText('Login name or password is not right.').waitFor();
  await fillSignIn(page, loginName, otherPassword);
  await untilAt(page, '/');
});

it('the page says the same of a name that nobody has', async () => {
  const page = await openPage();
  await page.goto('/forgot-password');
  await page.getByRole('button', { name: 'Send link' }).click();
  await page.getByRole('alert').getByText('Enter your login name.').waitFor();
  await page.getByLabel('Login name').fill('nobody-has-this-name');
  await page.getByRole('button', { name: 'Send link' }).click();
  await page.getByText('If there is a login “nobody-has-this-name”').waitFor();
});

it('opening a link does nothing and tells no server its secret: only the button uses it up', async () => {
  const { loginName, link } = await invitedPerson('scanned');
  const secret = link.split('#')[1] ?? '';
  const page = await openPage();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(`${request.method()} ${request.url()} ${request.postData() ?? ''} ${JSON.stringify(request.headers())}`));
  await page.goto(link);
  await page.getByLabel('New password', { exact: true }).fill(otherPassword);
  // As the pages of links are opened in a browser: the fragment stays there.
  expect(asked.map((request) => request.replaceAll(`#${secret}`, '')).join('\n')).not.toContain(secret);
  expect(asked.filter((request) => !request.startsWith('GET '))).toEqual([]);
  expect((await newClient().post('/v1/login', { loginName, password: otherPassword })).status).toBe(401);
  await page.getByRole('button', { name: 'Save password' }).click();
  await page.getByRole('heading', heading('Your login is ready')).waitFor();
  expect(asked.filter((request) => request.startsWith('POST '))).toHaveLength(1);
});

it.each(['desktop', 'phone'] as const)('on a %s “this wasn’t me” says what it does, does it, and leads to a new password', async (size) => {
  const person = await newPerson('intruded');
  const { loginName, emailAddress } = person;
  // Somebody else signs in: that is announced, with the link.
  const intruder = newClient();
  const phoneNumber = newPhoneNumber();
  await turnOnTwoFactor(person, { kind: 'sms', phoneNumber });
  const link = await linkSentTo(emailAddress, 'not-me', async () => {
    const { code, answer } = await codeSentTo(phoneNumber, () => intruder.post('/v1/login', { loginName, password: demoPassword }));
    await intruder.post('/v1/login/verify-code', { attempt: answer.body.attempt, methodId: answer.body.sent.methodId, code });
  });
  expect((await intruder.get('/v1/session')).status).toBe(200);

  const page = await openPage(size);
  await page.goto(link);
  await page.getByRole('heading', heading('This wasn’t you?')).waitFor();
  await page.getByText('everybody is signed out of your login').waitFor();
  await expectAccessible(page, 'this was not me');
  expect((await intruder.get('/v1/session')).status).toBe(200);
  await page.getByRole('button', { name: 'Make my login safe' }).click();
  await page.getByRole('heading', heading('Everybody is signed out')).and(page.locator(':focus')).waitFor();
  await expectAccessible(page, 'what comes after it');
  expect((await intruder.get('/v1/session')).status).toBe(401);

  // The old password leads to the mailbox now.
  const newPassword = await linkSentTo(emailAddress, 'new-password', () => fillSignIn(page, loginName));
  await page.getByRole('heading', heading('Choose a new password first')).and(page.locator(':focus')).waitFor();
  await expectAccessible(page, 'a new password is required');
  await page.goto(newPassword);
  await page.getByLabel('New password', { exact: true }).fill(otherPassword);
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByRole('link', { name: 'Sign in' }).click();
  await codeSentTo(phoneNumber, () => fillSignIn(page, loginName, otherPassword));
  await untilAt(page, '/sign-in/code');

  await page.goto(link);
  await page.getByRole('button', { name: 'Make my login safe' }).click();
  await page.getByRole('heading', heading('This link does not work any more')).waitFor();
  await page.getByRole('link', { name: 'Choose a new password' }).click();
  await untilAt(page, '/forgot-password');
});

it.each(['invitation', 'new-password', 'not-me'])('a link to /%s that was cut says so, and has no button that would fail', async (path) => {
  const page = await openPage();
  for (const fragment of ['', '#abc', `#${'1'.repeat(56)}`]) {
    await page.goto('/sign-in');
    await page.goto(`${system().baseUrl}/${path}${fragment}`);
    await page.getByRole('heading', heading('This link is not whole')).waitFor();
    expect(await page.getByRole('button').count()).toBe(0);
  }
  await expectAccessible(page, `${path} without its secret`);
});
