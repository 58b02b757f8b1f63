import { demoPassword } from '../e2e/api-client.ts';
import { addLogins } from '../e2e/many-logins.ts';
import { Browser, expect } from './flows/browser.ts';
import { Texts } from './flows/codes.ts';
import { quantile } from './flows/figures.ts';
import { inTurn } from './flows/pool.ts';
import { versionsOf, withCleanUp, withSystem, writeResult } from './harness.ts';
import { drive } from './load/drive.ts';
import type { Plan } from './load/plan.ts';
import { numberOf, type Options } from './options.ts';
import { standInSns } from './stand-in-sns.ts';

const warmUp = { perSecond: 100, count: 300 };
/** A code is good for ten minutes; those made first have to be good still when the last one is entered. */
const longestPreparationMs = 9 * 60_000;

/**
 * Entering the right code alone, at a fixed rate, with no password to judge. The attempts are made beforehand by the
 * public API: one login with its password for each code, and its text read at the stand-in for the provider.
 */
export async function benchVerifyCode(options: Options): Promise<void> {
  const perSecond = numberOf('per-second', options, 500);
  const seconds = numberOf('seconds', options, 5);
  const texts = new Texts();
  const provider = await standInSns(5, ({ to, text }) => texts.add(to, text));
  const codeFor = async (browser: Browser, loginName: string, phoneNumber: string) => {
    texts.forget(phoneNumber);
    const login = expect('login', await browser.post('/v1/login', { loginName, password: demoPassword }), ({ status }) => status === 'code_required');
    const [method] = login.body['methods'] as { id: string }[];
    return { attempt: login.body['attempt'], methodId: method?.id, code: await texts.next(phoneNumber) };
  };
  await withCleanUp(async () => provider.close(), () =>
    withSystem('verify-code', async (system) => {
      const logins = await addLogins(system, warmUp.count + perSecond * seconds);
      const inAll = async <T, R>(what: string, all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> => {
        console.log(`${what}, ${all.length} times …`);
        let made = 0;
        return Promise.all(
          inTurn(all, async (one) => {
            const result = await work(one);
            made += 1;
            if (made % 500 === 0) console.log(`  ${made}`);
            return result;
          }),
        );
      };
      // Whose browser is known already: of a new one the person is also told, by a text more.
      const known = await inAll('Logging in for the first time', logins, async ({ loginName, phoneNumber }) => {
        const browser = new Browser(system.baseUrl);
        expect('verify-code', await browser.post('/v1/login/verify-code', await codeFor(browser, loginName, phoneNumber)), ({ status }) => status === 'signed_in');
        browser.forget('__Host-session');
        return { browser, loginName, phoneNumber };
      });
      const startedAt = performance.now();
      const requests = await inAll('Logging in for a code', known, async ({ browser, loginName, phoneNumber }): Promise<Plan['requests'][number]> => {
        const body = await codeFor(browser, loginName, phoneNumber);
        return { method: 'POST', path: '/v1/login/verify-code', headers: browser.headers, body };
      });
      if (performance.now() - startedAt > longestPreparationMs) throw new Error('this machine took too long to log in so often: the first codes are over. Take fewer --seconds');

      const enter = (some: Plan['requests'], rate: number) => drive({ baseUrl: system.baseUrl, requests: some, load: { kind: 'open', perSecond: rate }, ms: ((some.length - 1) * 1000) / rate });
      await enter(requests.slice(0, warmUp.count), warmUp.perSecond);
      const answers = await enter(requests.slice(warmUp.count), perSecond);
      const good = answers.filter(({ status }) => status === 200).map(({ tookMs }) => tookMs);
      const others: Record<string, number> = {};
      for (const { status } of answers.filter((answer) => answer.status !== 200)) others[status] = (others[status] ?? 0) + 1;
      const lastEndedMs = Math.max(...answers.map(({ tookMs }, index) => (index * 1000) / perSecond + tookMs));
      const row = {
        'offered/s': perSecond,
        'accepted/s': Number(((good.length * 1000) / lastEndedMs).toFixed(1)),
        'p50 ms': Number(quantile(good, 0.5).toFixed(1)),
        'p99 ms': Number(quantile(good, 0.99).toFixed(1)),
        entered: answers.length,
        accepted: good.length,
      };
      console.table([row]);
      if (Object.keys(others).length > 0) console.log(`Other answers, by status: ${JSON.stringify(others)}`);
      writeResult('verify-code', await versionsOf(system), { seconds, ...row, others });
    }, { AWS_ENDPOINT_URL_SNS: provider.url }),
  );
}
