import type { CodeIssued } from '@latchkey/contracts';
import splitSms from 'split-sms';
import { codeTexts, languageOf } from './texts.ts';

type Wording = Pick<CodeIssued, 'purpose' | 'locale' | 'branding'>;

/**
 * A text that fits one segment in every language and ends with the line that binds the code to the website (WICG
 * origin-bound one-time codes): the browser fills it in there and nowhere else. A brand name too long for it is left out
 * letter by letter; what matters is the code.
 */
export function codeText({ purpose, locale, branding }: Wording, code: string): string {
  const texts = codeTexts[languageOf(locale)];
  for (let length = branding.name.length; ; length -= 1) {
    const brand = length > 0 ? branding.name.slice(0, length).trim() : 'Latchkey';
    const text = `${texts.sms[purpose](brand, code)}\n\n@${branding.host} #${code}`;
    if (length <= 0 || splitSms.split(text).parts.length === 1) return text;
  }
}

/** An email with text and HTML parts; the code is in the subject too, so that it can be read from the preview. */
export function codeEmail({ purpose, locale, branding }: Wording, code: string): { subject: string; text: string; html: string } {
  const language = languageOf(locale);
  const texts = codeTexts[language];
  const intro = texts.intro[purpose](branding.name);
  return {
    subject: texts.subject(branding.name, code).replace(/[\r\n]/g, ' '),
    text: `${intro}\n\n${code}\n\n${texts.validUntil}\n${texts.warning}\n\n@${branding.host} #${code}\n`,
    html: `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>${escapeHtml(texts.subject(branding.name, code))}</title></head>
<body style="font-family:system-ui,sans-serif;font-size:16px;line-height:1.5;max-width:32em;margin:0 auto;padding:24px">
<p>${escapeHtml(intro)}</p>
<p style="font-size:32px;font-weight:600;letter-spacing:4px;margin:16px 0">${code}</p>
<p>${escapeHtml(texts.validUntil)}</p>
<p>${escapeHtml(texts.warning)}</p>
</body></html>
`,
  };
}

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
