import { Browser, expect } from './browser.ts';
import { appCode, type Texts } from './codes.ts';
import type { Flows } from './latchkey.ts';
import type { People, Person } from './plan.ts';
import { inTurn, Pool } from './pool.ts';

/** The same flows of Better Auth, over its own HTTP API. It never asks anybody to come back later. */
export async function betterAuthFlows(baseUrl: string, { text = [], new: strangers = [], app = [], trusted = [], session: members = [] }: Partial<People>, password: string, texts: Texts): Promise<Flows> {
  const signIn = (browser: Browser, { name }: Person) => browser.post('/api/auth/sign-in/email', { email: `${name}@example.com`, password });
  const signedIn = (body: { token?: string }) => body.token !== undefined;
  const codeWanted = (body: { twoFactorRedirect?: boolean }) => body.twoFactorRedirect === true;

  async function byText(browser: Browser, person: Person, trustDevice: boolean) {
    texts.forget(person.phoneNumber);
    expect('sign-in', await signIn(browser, person), codeWanted);
    expect('send-otp', await browser.post('/api/auth/two-factor/send-otp'));
    const code = await texts.next(person.phoneNumber);
    expect('verify-otp', await browser.post('/api/auth/two-factor/verify-otp', { code, trustDevice }), signedIn);
    return 0;
  }
  async function byApp(browser: Browser, person: Person) {
    expect('sign-in', await signIn(browser, person), codeWanted);
    expect('verify-totp', await browser.post('/api/auth/two-factor/verify-totp', { code: await appCode(person) }), signedIn);
    return 0;
  }
  const afterText = (group: Person[], trustDevice: boolean) =>
    Promise.all(
      inTurn(group, async (person) => {
        const browser = new Browser(baseUrl);
        await byText(browser, person, trustDevice);
        return { browser, person };
      }),
    );

  const pools = { text: new Pool(await afterText(text, false)), new: new Pool(strangers), app: new Pool(app), trusted: new Pool(await afterText(trusted, true)), session: new Pool(await afterText(members, false)) };
  const session = () =>
    pools.session.use(async ({ browser }) => {
      expect('get-session', await browser.get('/api/auth/get-session'), (body: { session?: unknown } | null) => body?.session !== undefined);
      return 0;
    });
  return {
    text: () =>
      pools.text.use(({ browser, person }) => {
        browser.forget('better-auth.session_token');
        return byText(browser, person, false);
      }),
    // The same to it: it keeps no list of browsers and tells nobody of a new one.
    'text-new': () => pools.new.use((person) => byText(new Browser(baseUrl), person, false)),
    app: () => pools.app.use((person) => byApp(new Browser(baseUrl), person)),
    trusted: () =>
      pools.trusted.use(async ({ browser, person }) => {
        browser.forget('better-auth.session_token');
        expect('sign-in', await signIn(browser, person), signedIn);
        return 0;
      }),
    session,
    // It has one call for both.
    'forward-auth': session,
  };
}
