import splitSms from 'split-sms';
import { describe, expect, it } from 'vitest';
import { codeEmail, codeText } from './code-message.ts';
import { codeTexts, languages } from './texts.ts';

const purposes = ['login', 'step_up', 'confirm_method'] as const;
const everyWording = languages.flatMap((locale) => purposes.map((purpose) => ({ locale, purpose })));
// The longest names and hosts that the contract allows, and the worst alphabets.
const brandings = {
  'an ordinary name': { name: 'Demo Security', host: 'localhost' },
  'the longest name': { name: 'Größte Sicherheits- und Schließgesellschaft für Überall GmbH', host: 'customers.example' },
  'the longest host': { name: 'Demo Security', host: `${'a'.repeat(112)}.example` },
  'both the longest': { name: 'W'.repeat(60), host: `${'a'.repeat(112)}.example` },
  'another alphabet': { name: 'Łódź Ochrona Śródmieście', host: 'login.customers.example' },
  'nothing but emoji': { name: '🔐'.repeat(30), host: 'login.customers.example' },
};

describe.each(everyWording)('a text in $locale for $purpose', (wording) => {
  it.each(Object.entries(brandings))('fits one segment with %s, and its last line binds the code', (_, branding) => {
    const text = codeText({ ...wording, branding }, '012345');
    expect(splitSms.split(text).parts).toHaveLength(1);
    expect(text.split('\n').at(-1)).toBe(`@${branding.host} #012345`);
    expect(text).toMatch(/^012345[ \n]/);
    expect(text.isWellFormed()).toBe(true);
  });

  it('is written in the GSM alphabet, so that it holds 160 characters', () => {
    expect(splitSms.split(codeTexts[wording.locale].sms[wording.purpose]('Demo', '012345')).characterSet).toBe('GSM');
  });
});

it('a brand that fits is told whole, one in another alphabet too', () => {
  const name = (brand: string) => codeText({ purpose: 'login', locale: 'en', branding: { name: brand, host: 'localhost' } }, '012345');
  expect(name('Demo Security')).toBe('012345 is your Demo Security login code.\n\n@localhost #012345');
  expect(name('Łódź')).toContain('is your Łódź login code');
});

it('a line break in a brand name makes no second line with somebody else’s host', () => {
  const text = codeText({ purpose: 'login', locale: 'en', branding: { name: 'Demo\n@evil.example #012345', host: 'localhost' } }, '012345');
  expect(text.split('\n').filter((line) => line.startsWith('@'))).toEqual(['@localhost #012345']);
});

it('a language nobody wrote falls back to English, a region is no other language', () => {
  const branding = { name: 'Demo', host: 'localhost' };
  expect(codeText({ purpose: 'login', locale: 'tlh', branding }, '012345')).toContain('is your Demo login code');
  expect(codeText({ purpose: 'login', locale: 'de-AT', branding }, '012345')).toContain('ist Ihr Code');
});

const now = new Date('2026-01-01T00:00:00Z');
const email = (over: Partial<Parameters<typeof codeEmail>[0]> = {}) =>
  codeEmail({ purpose: 'login', locale: 'en', branding: { name: 'Demo', host: 'localhost' }, expiresAt: '2026-01-01T00:10:00Z', ...over }, '012345', now);

it.each(everyWording)('an email in $locale for $purpose has the code in subject, text and HTML, in its language', ({ locale, purpose }) => {
  const mail = email({ locale, purpose });
  for (const part of [mail.subject, mail.text, mail.html]) expect(part).toContain('012345');
  expect(mail.html).toContain(`<html lang="${locale}">`);
  expect(mail.text.trimEnd().split('\n').at(-1)).toBe('@localhost #012345');
});

it('a brand name is neither markup nor a header', () => {
  const mail = email({ branding: { name: '<b>Demo</b>\r\nBcc: x@y.example', host: 'localhost' } });
  expect(mail.subject).not.toMatch(/[\r\n]/);
  expect(mail.html).not.toContain('<b>');
});

it('an email sent again says how long the code still works, not how long it once did', () => {
  expect(email().text).toContain('for 10 minutes');
  expect(email({ expiresAt: '2026-01-01T00:09:59.700Z' }).text).toContain('for 10 minutes');
  expect(email({ expiresAt: '2026-01-01T00:03:20Z' }).text).toContain('for 3 minutes');
  expect(email({ expiresAt: '2026-01-01T00:00:40Z' }).text).toContain('for 1 minute ');
});

it('only who already gave a right password is told that somebody knows it', () => {
  expect(email({ purpose: 'login' }).text).toContain('somebody knows your password');
  expect(email({ purpose: 'confirm_method' }).text).not.toContain('password');
});
