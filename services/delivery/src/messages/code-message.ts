import type { CodeIssued } from '@latchkey/contracts';
import splitSms from 'split-sms';
import { codeTexts, languageOf } from './texts.ts';

type Wording = Pick<CodeIssued, 'purpose' | 'locale' | 'branding'>;

/**
 * A text that fits one segment in every language and ends with the line that binds the code to the website (WICG
 * origin-bound one-time codes): the browser fills it in there and nowhere else. A brand name too long for it is cut letter
 * by letter; where not even its first letter fits (a long host, another alphabet) the code and its line go alone.
 */
export function codeText({ purpose, locale, branding }: Wording, code: string): string {
  const texts = codeTexts[languageOf(locale)];
  const boundLine = `@${branding.host} #${code}`;
  const letters = [...oneLine(branding.name)];
  for (let length = letters.length; length > 0; length -= 1) {
    const text = `${texts.sms[purpose](letters.slice(0, length).join('').trim(), code)}\n\n${boundLine}`;
    if (splitSms.split(text).parts.length === 1) return text;
  }
  return `${code}\n\n${boundLine}`;
}

/** An email with text and HTML parts; the code is in the subject too, so that it can be read from the preview. */
export function codeEmail({ purpose, locale, branding, expiresAt }: Wording & Pick<CodeIssued, 'expiresAt'>, code: string, now: Date): { subject: string; text: string; html: string } {
  const language = languageOf(locale);
  const texts = codeTexts[language];
  const brand = oneLine(branding.name);
  const subject = texts.subject(brand, code);
  const intro = texts.intro[purpose](brand);
  // A code sent again keeps its expiry, so the time left is told. Rounded down, but for the seconds a queue may take.
  const minutes = Math.floor((Date.parse(expiresAt) - now.getTime() + 15_000) / 60_000);
  const validFor = texts.validFor(Math.max(1, minutes));
  return {
    subject,
    text: `${intro}\n\n${code}\n\n${validFor}\n${texts.warning[purpose]}\n\n@${branding.host} #${code}\n`,
    html: `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>${escapeHtml(subject)}</title></head>
<body style="font-family:system-ui,sans-serif;font-size:16px;line-height:1.5;max-width:32em;margin:0 auto;padding:24px">
<p>${escapeHtml(intro)}</p>
<p style="font-size:32px;font-weight:600;letter-spacing:4px;margin:16px 0">${code}</p>
<p>${escapeHtml(validFor)}</p>
<p>${escapeHtml(texts.warning[purpose])}</p>
</body></html>
`,
  };
}

// A line break in a name would start a header of its own in an email, or a line of its own in a text.
const oneLine = (name: string): string => name.replace(/\p{Cc}+/gu, ' ').trim();
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
