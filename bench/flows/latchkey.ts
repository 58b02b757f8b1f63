import { setTimeout as wait } from 'node:timers/promises';
import { type Answer, Browser, expect } from './browser.ts';
import { appCode, type Texts } from './codes.ts';
import type { FlowName, People, Person } from './plan.ts';
import { inTurn, Pool } from './pool.ts';

/** Each gives how often it was told to come back later. */
export type Flows = Record<FlowName, () => Promise<number>>;

/** Latchkey's flows over its public HTTP API, as a browser has them; first signs in who has to be signed in already. */
export async function latchkeyFlows(baseUrl: string, { text = [], new: strangers = [], app = [], trusted = [], session: members = [] }: Partial<People>, password: string, texts: Texts): Promise<Flows> {
  const signedIn = (body: { status?: string }) => body.status === 'signed_in';

  /** When more come than can be judged soon, a login is asked to come back in a second: it does, and its time goes on. */
  async function login(browser: Browser, { name }: Person): Promise<{ answer: Answer; deferred: number }> {
    for (let deferred = 0; ; deferred += 1) {
      const answer = await browser.post('/v1/login', { loginName: name, password });
      if (answer.status !== 503 || answer.retryAfter === 0) return { answer, deferred };
      await wait(answer.retryAfter * 1_000);
    }
  }
  async function withCode(browser: Browser, person: Person, codeOf: () => Promise<string>) {
    const { answer, deferred } = await login(browser, person);
    const { attempt, methods } = expect('login', answer, ({ status }) => status === 'code_required').body;
    const methodId = (methods as { id: string; default: boolean }[]).find((method) => method.default)?.id;
    const code = await codeOf();
    const { body } = expect('verify-code', await browser.post('/v1/login/verify-code', { attempt, methodId, code }), signedIn);
    return { session: body['session'] as { device: { id: string } }, deferred };
  }
  function byText(browser: Browser, person: Person) {
    texts.forget(person.phoneNumber);
    return withCode(browser, person, () => texts.next(person.phoneNumber));
  }
  const afterText = (group: Person[], then?: (browser: Browser, deviceId: string) => Promise<unknown>) =>
    Promise.all(
      inTurn(group, async (person) => {
        const browser = new Browser(baseUrl);
        const { session } = await byText(browser, person);
        await then?.(browser, session.device.id);
        return { browser, person };
      }),
    );

  const trust = async (browser: Browser, deviceId: string) => expect('trust', await browser.post('/v1/devices/trust', { deviceIds: [deviceId] }));
  const pools = { text: new Pool(await afterText(text)), new: new Pool(strangers), app: new Pool(app), trusted: new Pool(await afterText(trusted, trust)), session: new Pool(await afterText(members)) };
  return {
    // Known, but not trusted: whoever chose to be asked each time. Of a new browser people are also told, by another text.
    text: () =>
      pools.text.use(async ({ browser, person }) => {
        browser.forget('__Host-session');
        return (await byText(browser, person)).deferred;
      }),
    'text-new': () => pools.new.use(async (person) => (await byText(new Browser(baseUrl), person)).deferred),
    app: () => pools.app.use(async (person) => (await withCode(new Browser(baseUrl), person, () => appCode(person))).deferred),
    trusted: () =>
      pools.trusted.use(async ({ browser, person }) => {
        browser.forget('__Host-session');
        const { answer, deferred } = await login(browser, person);
        expect('login', answer, signedIn);
        return deferred;
      }),
    session: () =>
      pools.session.use(async ({ browser }) => {
        expect('session', await browser.get('/v1/session'), ({ id }) => id !== undefined);
        return 0;
      }),
    'forward-auth': () =>
      pools.session.use(async ({ browser }) => {
        expect('forward-auth', await browser.get('/v1/forward-auth'));
        return 0;
      }),
  };
}
