import type { CodeIssued, CodePurpose } from '@latchkey/contracts';
import { layOut } from './email-layout.ts';
import { firstThatFits, shortened } from './one-segment.ts';
import { layouts, lookOf, type Presentation, speechOf } from './presentation.ts';

export interface CodeWording extends Presentation {
  purpose: CodePurpose;
}

export interface Email {
  subject: string;
  text: string;
  html: string;
}

/**
 * A text that fits one segment in every language and ends with the line that binds the code to the website (WICG
 * origin-bound one-time codes): the browser fills it in there and nowhere else. A brand name too long for it is cut letter
 * by letter, and left out where nobody would know it any more; with the longest hosts the code and its line go alone.
 */
export function codeText(wording: CodeWording, code: string): string {
  const { templates, brand, host } = speechOf(wording);
  const { sms, smsWithoutBrand } = templates.codes[wording.purpose];
  const bound = (words: string) => `${words}\n\n@${host} #${code}`;
  function* texts(): Iterable<string> {
    if (brand) for (const [name] of shortened([brand] as const, 3)) yield bound(sms({ brand: name, code }));
    yield bound(smsWithoutBrand({ code }));
  }
  return firstThatFits(texts()) ?? bound(code);
}

/** An email with text and HTML parts; subject and preview have the code, so that it can be read without opening it. */
export function codeEmail(wording: CodeWording & Pick<CodeIssued, 'expiresAt'>, code: string, now: Date): Email {
  const speech = speechOf(wording);
  const { templates, brand, host } = speech;
  const words = templates.codes[wording.purpose];
  // A code sent again keeps its expiry, so the time left is told. Rounded down, but for the seconds a queue may take.
  const minutes = Math.max(1, Math.floor((Date.parse(wording.expiresAt) - now.getTime() + 15_000) / 60_000));
  return layOut(layouts, {
    ...lookOf(speech, wording.branding),
    subject: words.subject({ brand, code }),
    preview: templates.everyCode.preview({ code, minutes }),
    heading: words.heading(),
    intro: words.intro({ brand }),
    code,
    explanations: [templates.everyCode.validFor({ minutes }), words.warning()],
    boundLine: `@${host} #${code}`,
  });
}
