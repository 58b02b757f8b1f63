import Mustache from 'mustache';

/** What the two layouts of an email show; everything but subject, preview and heading may be left out. */
export interface EmailView {
  lang: string;
  direction: 'ltr' | 'rtl';
  subject: string;
  /** Shown beside the subject in a list of messages, and nowhere in the message. */
  preview: string;
  brand: string;
  logoUrl?: string | undefined;
  /** Of the button and the edge, and of words on it: `#rrggbb`. */
  color: string;
  onColor: string;
  heading: string;
  intro: string;
  code?: string;
  facts?: { label: string; value: string; line: string }[];
  explanations: string[];
  action?: { url: string; label: string; line: string; copyLink: string };
  note?: string;
  footer?: string;
  /** Binds a code to the website (WICG origin-bound one-time codes); the last line of the text. */
  boundLine?: string;
}

export interface EmailLayouts {
  html: string;
  text: string;
}

const shownByBoth = ['heading', 'intro', 'code', 'facts', 'explanations', 'action', 'note', 'footer'];
const shown: Record<keyof EmailLayouts, readonly string[]> = {
  html: [...shownByBoth, 'lang', 'direction', 'subject', 'preview', 'brand', 'logoUrl', 'color', 'onColor', 'label', 'value', 'url', 'copyLink'],
  text: [...shownByBoth, 'line', 'boundLine'],
};
const names = new Set(['.', 'facts.length', ...Object.values(shown).flat()]);

/** Takes the layouts from the files and tells of whatever is missing in them or unknown. */
export function readLayouts(files: Readonly<Record<string, string>>, problems: string[]): EmailLayouts {
  const read = (file: string, shows: readonly string[]): string => {
    const layout = files[file];
    if (layout === undefined) {
      problems.push(`${file}: is missing`);
      return '';
    }
    try {
      const used = namesOf(Mustache.parse(layout));
      for (const name of shows) if (!used.has(name)) problems.push(`${file}: does not show {{${name}}}`);
      for (const name of used) if (!names.has(name)) problems.push(`${file}: {{${name}}} is unknown`);
    } catch (error) {
      problems.push(`${file}: ${(error as Error).message}`);
    }
    return layout;
  };
  return { html: read('layout.html', shown.html), text: read('layout.txt', shown.text) };
}

/** Subject, text and HTML of an email. */
export function layOut(layouts: EmailLayouts, view: EmailView): { subject: string; text: string; html: string } {
  return {
    subject: view.subject,
    text: Mustache.render(layouts.text, view, undefined, { escape: String }),
    html: Mustache.render(layouts.html, view),
  };
}

type Token = ReturnType<typeof Mustache.parse>[number];

function namesOf(tokens: readonly Token[]): Set<string> {
  const found = new Set<string>();
  const visit = ([kind, name, , , children]: Token) => {
    if (['name', '#', '^', '>'].includes(kind)) found.add(name);
    // What is not escaped would be markup by whoever chose the words.
    if (kind === '&') found.add(`{${name}}`);
    if (Array.isArray(children)) children.forEach(visit);
  };
  tokens.forEach(visit);
  return found;
}
