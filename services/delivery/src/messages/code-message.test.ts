import splitSms from 'split-sms';
import { describe, expect, it } from 'vitest';
import { codeEmail, codeText } from './code-message.ts';
import { languages } from './presentation.ts';
import { codeKinds as purposes } from './testing/every-message.ts';

const everyWording = languages.flatMap((locale) => purposes.map((purpose) => ({ locale, purpose })));
const longHost = `${'a'.repeat(32)}.example`;
const longestHost = `${'a'.repeat(112)}.example`;
// The longest names and hosts that the contract allows, and the worst alphabets.
const brandings = {
  'an ordinary name': { name: 'Demo Security', host: 'localhost' },
  'a name of thirty letters and a long host': { name: 'W'.repeat(30), host: longHost },
  'a name of thirty letters of another alphabet and a long host': { name: 'Ж'.repeat(30), host: longHost },
  'the longest name': { name: 'Größte Sicherheits- und Schließgesellschaft für Überall GmbH', host: 'customers.example' },
  'the longest host': { name: 'Demo Security', host: longestHost },
  'both the longest': { name: 'W'.repeat(60), host: longestHost },
  'both the longest in another alphabet': { name: 'Ж'.repeat(60), host: longestHost },
  'letters that take two places': { name: '€[]{}~^|'.repeat(7), host: longHost },
  'another alphabet': { name: 'Łódź Ochrona Śródmieście', host: 'login.customers.example' },
  'nothing but emoji': { name: '🔐'.repeat(30), host: 'login.customers.example' },
  'no name': { name: '', host: 'localhost' },
};

describe.each(everyWording)('a text in $locale for $purpose', (wording) => {
  it.each(Object.entries(brandings))('fits one segment with %s, and its last line binds the code', (_, branding) => {
    const text = codeText({ ...wording, branding }, '012345');
    expect(splitSms.split(text).parts).toHaveLength(1);
    expect(text.split('\n').at(-1)).toBe(`@${branding.host} #012345`);
    expect(text).toMatch(/^012345[ \n]/);
    expect(text.isWellFormed()).toBe(true);
  });

  it('says what the code does also where there is no room for a name', () => {
    for (const name of ['Ж'.repeat(60), '🔐'.repeat(30), '']) expect(codeText({ ...wording, branding: { name, host: longHost } }, '012345')).toMatch(/^012345 \p{L}{2,} [^\n]+\.\n\n@/u);
  });

  it('tells a name of thirty letters whole, and one of another alphabet so that it can be known', () => {
    const told = (name: string, host: string) => codeText({ ...wording, branding: { name, host } }, '012345');
    expect(told('W'.repeat(30), longHost)).toContain('W'.repeat(30));
    expect(told('Ж'.repeat(30), 'localhost')).toContain('Ж'.repeat(3));
  });
});

it.each(['en', 'es', 'fr', 'de'])('texts in %s are written in the GSM alphabet, so that they hold 160 letters', (locale) => {
  for (const purpose of purposes) expect(splitSms.split(codeText({ purpose, locale, branding: { name: 'Demo', host: 'localhost' } }, '012345')).characterSet).toBe('GSM');
});

it('a brand that fits is told as it is written; one that does not is told whole in plain letters rather than cut', () => {
  const said = (brand: string, host = 'localhost') => codeText({ purpose: 'login', locale: 'en', branding: { name: brand, host } }, '012345');
  expect(said('Demo Security')).toBe('012345 is your Demo Security login code.\n\n@localhost #012345');
  expect(said('Łódź')).toContain('is your Łódź login code');
  expect(said('Łódź Ochrona Śródmieście', 'login.customers.example')).toContain('is your Lodz Ochrona Srodmiescie login code');
  expect(said('Hôtel “L’Œuvre” – Côte d’Azur', 'login.customers.example')).toContain(`is your Hotel "L'OEuvre" - Cote d'Azur login code`);
  expect(said('Größe é ñ Ö', longHost)).toContain('is your Größe é ñ Ö login code');
});

it('a line break in a brand name makes no second line with somebody else’s host', () => {
  for (const lineBreak of ['\n', '\r', '\u2028', '\u0085']) {
    const branding = { name: `Demo${lineBreak}@evil.example #012345`, host: 'localhost' };
    const lines = codeText({ purpose: 'login', locale: 'en', branding }, '012345').split(/[\n\r\u2028\u0085]/);
    expect(lines.filter((line) => line.startsWith('@'))).toEqual(['@localhost #012345']);
  }
});

it('the language is that of the login, else of the provider, else English', () => {
  const said = (locale: string, defaultLocale?: string) => codeText({ purpose: 'login', locale, branding: { name: 'Demo', host: 'localhost', defaultLocale } }, '012345');
  expect(said('de-AT')).toContain('ist Ihr Code');
  expect(said('tlh', 'fr-CH')).toContain('est votre code');
  expect(said('tlh', 'tlh')).toContain('is your Demo login code');
});

const now = new Date('2026-01-01T00:00:00Z');
const email = (over: Partial<Parameters<typeof codeEmail>[0]> = {}) =>
  codeEmail({ purpose: 'login', locale: 'en', branding: { name: 'Demo', host: 'localhost' }, expiresAt: '2026-01-01T00:10:00Z', ...over }, '012345', now);

it.each(everyWording)('an email in $locale for $purpose has the code in subject, text and HTML, in its language', ({ locale, purpose }) => {
  const mail = email({ locale, purpose });
  for (const part of [mail.subject, mail.text, mail.html]) expect(part).toContain('012345');
  expect(mail.html).toContain(`<html lang="${locale}" dir="ltr">`);
  expect(mail.text.trimEnd().split('\n').at(-1)).toBe('@localhost #012345');
});

it('a brand name is neither markup nor a header', () => {
  const mail = email({ branding: { name: '<b>Demo</b>\r\nBcc: x@y.example', host: 'localhost' } });
  expect(mail.subject).not.toMatch(/[\r\n]/);
  expect(mail.html).not.toContain('<b>');
  expect(mail.text).toContain('<b>Demo</b> Bcc: x@y.example');
});

it('what a list of messages shows beside the subject begins with the code', () => {
  const shown = email().html.replace(/^[\s\S]*<body[^>]*>/, '').replace(/<[^>]+>/g, '').trim();
  expect(shown).toMatch(/^012345 works for 10 minutes and only once\./);
});

it('an email has no image but the provider’s own logo, over https, named for those who do not see it', () => {
  const html = (logoUrl?: string) => email({ branding: { name: 'Demo "&" Sons', host: 'localhost', logoUrl } }).html;
  for (const none of [undefined, 'http://demo.example/logo.png', 'javascript:alert(1)', 'data:image/png;base64,AA', 'logo.png']) expect(html(none)).not.toMatch(/<img|url\(|javascript:/);
  expect(html('https://demo.example/logo.png?a=1&b="x"')).toContain('<img class="logo" src="https:&#x2F;&#x2F;demo.example&#x2F;logo.png?a&#x3D;1&amp;b&#x3D;%22x%22" alt="Demo &quot;&amp;&quot; Sons"');
});

it('a brand colour is a colour and nothing else', () => {
  const html = (color: string) => email({ branding: { name: 'Demo', host: 'localhost', color } }).html;
  expect(html('#Aa3300')).toContain('border-top:4px solid #Aa3300');
  for (const wrong of ['red', '#12', '#123456;background:url(https://evil.example)', 'url(x)', '']) expect(html(wrong)).toContain('border-top:4px solid #17745f');
});

it('an email sent again says how long the code still works, not how long it once did', () => {
  expect(email().text).toContain('for 10 minutes');
  expect(email({ expiresAt: '2026-01-01T00:09:59.700Z' }).text).toContain('for 10 minutes');
  expect(email({ expiresAt: '2026-01-01T00:03:20Z' }).text).toContain('for 3 minutes');
  expect(email({ expiresAt: '2026-01-01T00:00:40Z' }).text).toContain('for 1 minute ');
});

it('only who already gave a right password is told that somebody knows it', () => {
  for (const purpose of ['login', 'reset_two_factor'] as const) expect(email({ purpose }).text).toContain('somebody knows your password');
  expect(email({ purpose: 'confirm_method' }).text).not.toContain('password');
});
