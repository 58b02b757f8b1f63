import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type ApiClient, demoPassword } from './api-client.ts';
import { codeField, expectAccessible, fillSignIn, openPage, untilAt, useBrowser } from './browser.ts';
import { addMethod, codeSentTo, newClient, ownerPhone, signIn, system } from './demo.ts';
import { newPerson, newPhoneNumber } from './people.ts';

useBrowser();

const contact = { name: 'Dana Dealer', phone: '+14155550100', email: 'help@demo-security.example' };
let dealer: ApiClient;

// The policy is the staff's own as well: it has to have two-factor on before it requires it.
beforeAll(async () => {
  const phoneNumber = newPhoneNumber();
  dealer = newClient();
  await signIn(dealer, 'dealer');
  const methodId = await addMethod(dealer, { kind: 'sms', phoneNumber });
  const { code, answer } = await codeSentTo(phoneNumber, () => dealer.post('/v1/login', { loginName: 'dealer', password: demoPassword }));
  expect((await dealer.post('/v1/login/verify-code', { attempt: answer.body.attempt, methodId, code })).status).toBe(200);
});
afterAll(async () => {
  expect((await dealer.post('/v1/two-factor/disable', { password: demoPassword })).status).toBe(204);
});

async function setPolicy(twoFactor: 'optional' | 'suggested' | 'required'): Promise<void> {
  const set = await dealer.call('PUT', '/v1/provider/policy', { twoFactor, contact });
  expect(set.status, JSON.stringify(set.body)).toBeLessThan(300);
}
afterEach(() => setPolicy('optional'));

it.each(['desktop', 'phone'] as const)('on a %s a login that has to set up two-factor is led there, and nowhere else', async (size) => {
  const { loginName } = await newPerson('has-to');
  await setPolicy('required');
  const page = await openPage(size);
  await page.goto('/sign-in?next=/devices');
  await fillSignIn(page, loginName);
  await untilAt(page, '/security/set-up');
  await page.getByText('Your service provider requires two-factor. Set it up to go on.').waitFor();
  await expectAccessible(page, 'set-up that is required');
  expect(await page.getByRole('navigation').count()).toBe(0);
  for (const path of ['/', '/devices', '/security', '/security/password', '/sessions', '/activity', '/logins', '/sign-in', '/sign-in/devices', '/sign-in/suggestion']) {
    await page.goto(path);
    await untilAt(page, '/security/set-up');
  }
  await page.goto('/security/set-up/email');
  await page.getByLabel('Email address').waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByText('You are signed out.').waitFor();
});

it.each(['desktop', 'phone'] as const)('on a %s two-factor is suggested after a login with the password alone, and need not be set up', async (size) => {
  const { loginName } = await newPerson('may');
  await setPolicy('suggested');
  const page = await openPage(size);
  await page.goto('/sign-in?next=/devices');
  await fillSignIn(page, loginName);
  await page.getByRole('heading', { name: 'Make your login safer' }).and(page.locator(':focus')).waitFor();
  await expectAccessible(page, 'a suggestion');
  await page.getByRole('button', { name: 'Not now' }).click();
  await untilAt(page, '/devices');
  await page.goto('/sign-in');
  await untilAt(page, '/');
  await page.getByText('Your service provider suggests that you turn on two-factor.').waitFor();
});

/** Where the browser was sent when it left for the way back. */
const returned = (address: string) => `/v1/login/return?rd=${encodeURIComponent(address)}`;

it('after the sign-in the way leads back to an app whose address the server allows', async () => {
  const app = `${system().baseUrl}/devices?from=app`;
  const page = await openPage();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url().replace(system().baseUrl, '')));
  await page.goto(`/sign-in?rd=${encodeURIComponent(app)}`);
  const { code } = await codeSentTo(ownerPhone, () => fillSignIn(page, 'owner'));
  await codeField(page).fill(code);
  await page.getByRole('button', { name: 'Skip' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL(app);
  expect(asked).toContain(returned(app));
  // Signed in already: at once.
  await page.goto(`/sign-in?rd=${encodeURIComponent(app)}`);
  await page.waitForURL(app);
});

it.each(['https://evil.example/', '//evil.example/', 'javascript:alert(1)', `http://localhost:1@evil.example/`, 'data:text/html,x', '/\\evil.example'])(
  'a way back to %s leads to the start page: whoever made the link has no say',
  async (address) => {
    const { loginName } = await newPerson('lured');
    const page = await openPage();
    const visited: string[] = [];
    page.on('framenavigated', (frame) => visited.push(new URL(frame.url()).origin));
    for (const parameter of ['rd', 'next']) {
      await page.goto(`/sign-in?${parameter}=${encodeURIComponent(address)}`);
      if (parameter === 'rd') await fillSignIn(page, loginName);
      await page.getByRole('heading', { name: `Hello, ${loginName}` }).waitFor();
      expect(new URL(page.url()).pathname).toBe('/');
    }
    expect(new Set(visited.filter((origin) => origin !== 'null'))).toEqual(new Set([system().baseUrl]));
  },
);
