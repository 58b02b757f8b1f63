import { openSystem } from '@latchkey/tools';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { demoPassword } from './api-client.ts';
import { system } from './demo.ts';
import { Replica } from './faults/replica.ts';
import { type Answer, observatoryScore, policyOf } from './website-quality-observatory.ts';

// As behind a proxy that ends https: the running system's own gateway once more, known outside by an https address.
const publicUrl = 'https://login.example';
const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
let gateway: Replica;
beforeAll(async () => {
  gateway = await Replica.of(openSystem(system().instance).services.gateway, { LATCHKEY_PUBLIC_URL: publicUrl });
});
afterAll(() => gateway.stop());

async function ask(path: string, init: RequestInit = {}): Promise<Answer & { status: number; text: string }> {
  const headers = { 'user-agent': chrome, accept: 'text/html,*/*', origin: publicUrl, ...(init.headers as Record<string, string>) };
  const answer = await fetch(`${gateway.baseUrl}${path}`, { redirect: 'manual', ...init, headers });
  return { path, status: answer.status, headers: answer.headers, cookies: answer.headers.getSetCookie(), text: await answer.text() };
}
const post = (path: string, body: object) => ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
const login = () => post('/v1/login', { loginName: 'member', password: demoPassword });

it("pages, their files and the API's answers score as high as Mozilla's Observatory gives", async () => {
  const page = await ask('/sign-in');
  const files = [...page.text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path = '']) => path);
  expect(files.filter((path) => path.endsWith('.js')).length).toBeGreaterThan(0);
  const paths = ['/', '/security', '/no/such/page', '/docs', '/openapi.json', '/v1/session', '/v1/login/return?rd=https://evil.example', '/v1/no-such-thing', ...files];
  const answers = [page, ...(await Promise.all(paths.map((path) => ask(path))))];
  // No cookie, so without the 5 points for those.
  for (const answer of answers) expect({ path: answer.path, ...observatoryScore(answer) }).toEqual({ path: answer.path, score: 130, lost: [] });
});

it('an answer that signs somebody in scores its cookies as well, and so does one that refuses, without any', async () => {
  const signedIn = await login();
  expect(signedIn.status, signedIn.text).toBe(200);
  expect(signedIn.cookies.length).toBe(2);
  expect(observatoryScore(signedIn)).toEqual({ score: 135, lost: [] });
  const cookie = signedIn.cookies.map((set) => set.split(';')[0]).join('; ');
  const signedOut = await ask('/v1/logout', { method: 'POST', headers: { cookie } });
  expect(signedOut.cookies.length).toBeGreaterThan(0);
  expect(observatoryScore(signedOut)).toEqual({ score: 135, lost: [] });
  const refused = await post('/v1/login', { loginName: 'member', password: 'not the password' });
  expect(refused.status).toBe(401);
  expect(observatoryScore(refused)).toEqual({ score: refused.cookies.length > 0 ? 135 : 130, lost: [] });
});

it('beyond the score: no page is shared with another window, says where forms go, or lets its base be moved', async () => {
  const { headers } = await ask('/sign-in');
  expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
  const policy = policyOf(headers);
  for (const name of ['form-action', 'base-uri', 'script-src', 'style-src', 'connect-src']) expect(policy.get(name), name).toSatisfy((sources?: string[]) => /^'(self|none)'$/.test(sources?.join() ?? ''));
});

it('each rule takes its points from an answer that breaks it', async () => {
  const good = await login();
  const but = (name: string, value: string | null, cookies = good.cookies): Answer => {
    const headers = new Headers(good.headers);
    if (value === null) headers.delete(name);
    else headers.set(name, value);
    return { path: '', headers, cookies };
  };
  const credentialed = (answer: Answer): Answer => (answer.headers.set('access-control-allow-credentials', 'true'), answer);
  const csp = good.headers.get('content-security-policy') ?? '';
  const broken: [Answer, string][] = [
    [but('content-security-policy', csp.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'")), 'contentSecurityPolicy -20'],
    [but('content-security-policy', csp.replace("script-src 'self'", "script-src 'self' 'unsafe-eval'")), 'contentSecurityPolicy -10'],
    [but('content-security-policy', null), 'contentSecurityPolicy -25'],
    [but('strict-transport-security', null), 'strictTransportSecurity -20'],
    [but('x-content-type-options', null), 'contentTypeOptions -5'],
    [but('referrer-policy', 'unsafe-url'), 'referrerPolicy -5'],
    [credentialed(but('access-control-allow-origin', 'https://evil.example')), 'crossOriginResourceSharing -50'],
    [but('cross-origin-resource-policy', 'cross-origin'), 'crossOriginResourcePolicy -5'],
    [but('x-any', '', good.cookies.map((cookie) => cookie.replace('; Secure', ''))), 'cookies -40'],
    [but('x-any', '', good.cookies.map((cookie) => cookie.replace('; HttpOnly', ''))), 'cookies -30'],
  ];
  for (const [answer, lost] of broken) expect(observatoryScore(answer).lost).toContain(lost);
});
