import type { NoticeKind } from '@latchkey/contracts';
import splitSms from 'split-sms';
import { describe, expect, it } from 'vitest';
import { renderNotice } from './notice-message.ts';
import type { NoticeArguments, TextNoticeKind } from './notices.ts';
import { languages, type Presentation } from './presentation.ts';
import { demoLink as url, everyNotice, noticeKinds as kinds, textNoticeKinds as textKinds } from './testing/every-message.ts';

const told = everyNotice();
const demo: Presentation = { locale: 'en', branding: { name: 'Demo Security', host: 'login.demo.example' } };
const text = (kind: TextNoticeKind, over: Partial<NoticeArguments['new_device'] & NoticeArguments['provider_turned_two_factor_off']> = {}, presentation = demo) =>
  renderNotice('sms', kind, { ...told[kind], ...over }, presentation).text;
const email = <K extends NoticeKind>(kind: K, over: Partial<NoticeArguments[K]> = {}, presentation = demo) => renderNotice('email', kind, { ...told[kind], ...over }, presentation);

const everyText = languages.flatMap((locale) => textKinds.map((kind) => ({ locale, kind })));
const everyEmail = languages.flatMap((locale) => kinds.map((kind) => ({ locale, kind })));
const longestUrl = `https://${'a'.repeat(112)}.example/not-me#${'x'.repeat(43)}`;
const names = { 'thirty letters': 'W'.repeat(30), 'thirty of another alphabet': 'Ж'.repeat(30), 'sixty letters': 'W'.repeat(60), emoji: '🔐'.repeat(30), 'letters that take two places': '€'.repeat(30), none: '' };

describe.each(everyText)('a text in $locale of $kind', ({ locale, kind }) => {
  it.each(Object.entries(names))('fits one segment with a name of %s, whatever device and link', (_, name) => {
    for (const notMeUrl of [url, longestUrl])
      for (const other of [name, 'Firefox on Windows', 'Ж'.repeat(60)]) {
        const sent = text(kind, { notMeUrl, device: other }, { locale, branding: { name, host: 'login.demo.example' } });
        expect(splitSms.split(sent).parts).toHaveLength(1);
        expect(sent.isWellFormed()).toBe(true);
        // A link is whole or not there.
        expect(sent.includes('http')).toBe(sent.endsWith(notMeUrl));
        // Phones offer six digits as a code.
        expect(sent).not.toMatch(/\d{6}/);
        expect(sent).toMatch(name ? /^.+ ?: \p{L}/u : /^\p{L}/u);
        expect(sent.length).toBeGreaterThan(20);
      }
  });

  it('names its sender first and ends with the way out', () => {
    const sent = text(kind, {}, { ...demo, locale });
    expect(sent).toMatch(/^Demo Security ?: /);
    // Who was logged out everywhere asked for it.
    expect(sent.endsWith(` ${url}`)).toBe(kind !== 'signed_out_everywhere');
  });

  it('without room for the link it still says what to do', () => {
    const withLink = text(kind, { notMeUrl: longestUrl }, { ...demo, locale });
    const without = text(kind, { notMeUrl: 'javascript:alert(1)' }, { ...demo, locale });
    expect(withLink).toBe(without);
    expect(without).toMatch(/password|Passwort|mot de passe|contraseña/);
  });

  it('never holds six digits in a row, which a phone would offer as a code', () => {
    const digits = { 'in every name': '0123456789'.repeat(6), 'that other signs turn into': '①②③④⑤⑥⑦'.repeat(8), 'of another script': '٠١٢٣٤٥٦'.repeat(8), 'in a name of six': '123456', 'beside words': `Größte Gesellschaft ${'4'.repeat(40)}`, 'behind words that are cut': `${'Łódź '.repeat(9)}123456` };
    const told = { hint: '0'.repeat(100), loginName: '1'.repeat(100), ip: '2001:db8:123456::', reason: '9'.repeat(100), provider: '8'.repeat(60), until: '2026-11-24T13:10:00Z', left: 99 };
    for (const [where, name] of Object.entries(digits))
      for (const notMeUrl of [url, longestUrl, `https://login.demo.example/not-me#${'x'.repeat(30)}0123456789012`, `https://${'1'.repeat(60)}.example/`]) {
        const sent = text(kind, { ...told, device: name, notMeUrl }, { locale, branding: { name, host: 'login.demo.example' } });
        expect(sent, where).not.toMatch(/\p{Nd}{6}/u);
        expect(splitSms.split(sent).parts).toHaveLength(1);
        expect(sent.length, where).toBeGreaterThan(20);
      }
  });
});

describe.each(everyEmail)('an email in $locale of $kind', ({ locale, kind }) => {
  const mail = email(kind, {}, { ...demo, locale });

  it('names the login, links once to where the button goes, and says the same in both parts', () => {
    expect(mail.html).toContain(`<html lang="${locale}" dir="ltr">`);
    expect(mail.text).toContain('anna');
    expect(new Set([...mail.html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href?.replaceAll('&#x2F;', '/')))).toEqual(new Set(kind === 'signed_out_everywhere' ? [] : [url]));
    expect(mail.text.includes(url)).toBe(kind !== 'signed_out_everywhere');
    expect(mail.subject.length).toBeGreaterThan(10);
    // But for what to do when a button does not work.
    const shown = mail.html.replace(/[\s\S]*<h1/, '<h1').replace(/>[^<]*<br>/, '>').replace(/<[^>]+>/g, '\n').replaceAll('&#x2F;', '/').split('\n').map((line) => line.trim()).filter(Boolean);
    for (const line of shown) expect(mail.text).toContain(line);
  });
});

it.each(['en', 'es', 'fr', 'de'])('texts in %s are written in the GSM alphabet, so that they hold 160 letters', (locale) => {
  for (const method of ['sms', 'email', 'totp'] as const)
    for (const kind of textKinds) {
      const sent = renderNotice('sms', kind, { ...told[kind], method } as NoticeArguments[typeof kind], { ...demo, locale }).text;
      expect(splitSms.split(sent)).toMatchObject({ characterSet: 'GSM' });
    }
});

it('a notice tells what is known of it, and no empty line of what is not', () => {
  const { text: known } = email('new_device');
  for (const line of ['Login name: anna', 'Device: Firefox on Windows', 'IP address: 203.0.113.7', 'Time: November 24, 2026 at 12:40 PM UTC']) expect(known).toContain(line);
  const { text: unknown, html } = email('password_changed', { device: undefined, ip: undefined });
  expect(unknown).not.toMatch(/Device|IP address/);
  expect(html).not.toMatch(/Device|IP address/);
});

it('moments are told in the provider’s time zone and the person’s way of writing days', () => {
  const at = ({ locale = 'en', timeZone }: { locale?: string; timeZone: string }) => email('new_device', {}, { locale, branding: { ...demo.branding, timeZone } }).text;
  expect(at({ locale: 'en-GB', timeZone: 'Europe/London' })).toContain('24 November 2026 at 12:40 GMT');
  expect(at({ locale: 'de-AT', timeZone: 'Europe/Vienna' })).toContain('24. November 2026 um 13:40 MEZ');
  expect(at({ timeZone: 'Middle/Earth' })).toContain('12:40 PM UTC');
});

it('how many recovery codes are left is told in words that fit the number', () => {
  const left = (number: number, locale = 'en') => email('recovery_code_used', { left: number }, { ...demo, locale }).text;
  expect(left(0)).toContain('You have none left: make new ones');
  expect(left(1, 'de')).toContain('Sie haben noch einen.');
  expect(left(7, 'es')).toContain('Le quedan 7.');
});

it('what a colleague changed has no way out of one’s own, in no language', () => {
  const theirs = { notMeUrl: undefined, device: undefined, ip: undefined };
  for (const locale of languages) {
    const { text: mail, html } = email('policy_changed', theirs, { ...demo, locale });
    expect(mail).toContain('dealer');
    expect(mail).toContain('+1 415 555 0100');
    expect(mail + html).not.toMatch(/https?:|not-me/);
    expect(Object.values(email('brand_changed', theirs, { ...demo, locale })).join()).not.toMatch(/https?:|not-me/);
    expect(renderNotice('sms', 'policy_changed', { ...told.policy_changed, ...theirs }, { ...demo, locale }).text).toMatch(/^Demo Security ?: [^?]+$/);
  }
});

it('the words of whoever logged in put no link, no markup and no line of their own into a message', () => {
  const device = 'Urgent:\r\ngo to https://evil.example/login <a href="https://evil.example">now</a>';
  for (const part of [text('new_device', { device }), ...Object.values(email('new_device', { device }))]) expect(part).not.toMatch(/evil\.example|\/\/evil|<a href="https:..evil/);
  expect(email('new_device', { device }).subject).not.toMatch(/[\r\n]/);
  expect(email('invitation', { account: 'Win at evil.example!' }).text).not.toContain('evil.example');
  expect(email('provider_turned_two_factor_off', { reason: 'lost <phone>\nsecond line' }).html).toContain('lost &lt;phone&gt; second line');
});

it('a link that is none of the web is no link', () => {
  const mail = email('two_factor_off', { notMeUrl: 'javascript:alert(1)' });
  expect(mail.html).not.toMatch(/<a |javascript/);
  expect(mail.text).not.toContain('tell us here');
});

it('a link to choose a password goes by email only', () => {
  // @ts-expect-error the compiler knows
  expect(() => renderNotice('sms', 'forgotten_password', told.forgotten_password, demo)).toThrow('by email only');
});
