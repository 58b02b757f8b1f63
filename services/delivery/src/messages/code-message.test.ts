import splitSms from 'split-sms';
import { expect, it } from 'vitest';
import { codeEmail, codeText } from './code-message.ts';
import { languages } from './texts.ts';

const purposes = ['login', 'step_up', 'confirm_method'] as const;
const longest = { name: 'Größte Sicherheits- und Schließgesellschaft für Überall GmbH', host: 'a-very-long-host-name.customers.example' };

it.each(languages.flatMap((locale) => purposes.map((purpose) => ({ locale, purpose }))))('a text in $locale for $purpose fits one segment, with the longest names too', ({ locale, purpose }) => {
  for (const branding of [longest, { name: 'Demo Security', host: 'localhost' }]) {
    const text = codeText({ purpose, locale, branding }, '012345');
    expect(splitSms.split(text).parts).toHaveLength(1);
    expect(text.split('\n').at(-1)).toBe(`@${branding.host} #012345`);
    expect(text).toMatch(/^012345 /);
  }
});

it('a language nobody wrote falls back to English', () => {
  expect(codeText({ purpose: 'login', locale: 'tlh', branding: { name: 'Demo', host: 'localhost' } }, '012345')).toContain('is your Demo login code');
});

it('an email has the code in subject, text and HTML, and a brand name is no markup', () => {
  const mail = codeEmail({ purpose: 'login', locale: 'en', branding: { name: '<b>Demo</b>\r\nBcc: x@y.example', host: 'localhost' } }, '012345');
  expect(mail.subject).toContain('012345');
  expect(mail.subject).not.toMatch(/[\r\n]/);
  expect(mail.text).toContain('012345');
  expect(mail.html).toContain('012345');
  expect(mail.html).not.toContain('<b>');
});
