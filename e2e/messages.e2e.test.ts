import { codeIn, eventually, type InboxMessage, readInbox } from '@latchkey/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { demoPassword } from './api-client.ts';
import { openPage, useBrowser } from './browser.ts';
import { addMethod, newClient, ownerPhone, signIn, system } from './demo.ts';

const emailAddress = 'mails-of-member@example.com';
const host = () => new URL(system().baseUrl).hostname;

useBrowser();

let turnOff: () => Promise<unknown> = async () => undefined;
beforeAll(async () => {
  const client = newClient();
  await signIn(client, 'member');
  await addMethod(client, { kind: 'email', emailAddress });
  turnOff = async () => {
    const { message, answer } = await messageOf('member', emailAddress);
    await client.post('/v1/login/verify-code', { attempt: answer.body.attempt, methodId: answer.body.sent.methodId, code: codeIn(message) });
    await client.post('/v1/two-factor/disable', { password: demoPassword });
  };
});
afterAll(() => turnOff());

/** What a login sends, in the language that its browser prefers. */
async function messageOf(loginName: string, to: string, language = 'en-US'): Promise<{ message: InboxMessage; answer: { body: any } }> {
  const before = new Set((await readInbox(system().inboxUrl, to)).map(({ id }) => id));
  const answer = await newClient().post('/v1/login', { loginName, password: demoPassword }, { 'accept-language': language });
  const message = await eventually(async () => (await readInbox(system().inboxUrl, to)).find(({ id }) => !before.has(id)), { what: `a message to ${to}` });
  return { message, answer };
}

// GSM 03.38 without its escapes, which would count twice.
const gsmText = /^[\n\r @£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ!"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà]*$/;

it.each(['en', 'es', 'de', 'fr'])('a text in %s fits one segment and ends with the line that binds its code to this host', async (language) => {
  const { message } = await messageOf('owner', ownerPhone, language);
  expect(message.text.split('\n').at(-1)).toMatch(new RegExp(`^@${host()} #\\d{6}$`));
  expect(message.text.length).toBeLessThanOrEqual(gsmText.test(message.text) ? 160 : 70);
});

it('an email says that a program sent it, and has the code in its subject, its text and its HTML, where it is seen', async () => {
  const { message } = await messageOf('member', emailAddress);
  const code = codeIn(message) ?? '';
  expect(code).toMatch(/^\d{6}$/);
  expect(message.subject).toContain(code);
  expect(message.text.trimEnd().split('\n').at(-1)).toBe(`@${host()} #${code}`);

  // RFC 3834: no out-of-office answers; and both parts in one mail.
  const { headers } = message as InboxMessage & { headers: Record<string, string> };
  expect(headers).toMatchObject({ 'auto-submitted': 'auto-generated', 'content-type': expect.stringMatching(/^multipart\/alternative;/) });

  const page = await openPage('phone');
  await page.goto(`${system().inboxUrl}/messages/${message.id}/html`);
  expect(await page.getByText(code, { exact: true }).isVisible()).toBe(true);
  expect(await page.locator('a, form, script, img').count()).toBe(0);
  expect(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth')).toBeLessThanOrEqual(0);
});
