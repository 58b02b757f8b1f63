import { languages } from '../presentation.ts';
import { everyMessage, type SampleMessage } from './every-message.ts';

const branding = { name: 'Demo Security', host: 'login.demo.example' };
const words = (kind: string): string => `${kind.slice(0, 1).toUpperCase()}${kind.slice(1)}`.replaceAll('_', ' ');
// A link of 43 random letters would hide the words around it.
const shortLink = (text: string): string => text.replace(/https:\S+/, 'https://…').replace(/\n+/g, ' ⏎ ');
const cell = (text: string): string => text.replaceAll('|', '\\|');

/** docs/templates/README.md: every message with its picture, its subjects and its texts in every language. */
export function messagesPage(): string {
  const inLanguages = languages.map((locale) => ({ locale, messages: everyMessage({ locale, branding }) }));
  const section = ({ kind }: SampleMessage, at: number): string => {
    const rows = inLanguages.map(({ locale, messages }) => {
      const { email, text } = messages[at] as SampleMessage;
      return `| ${locale} | ${cell(email.subject)} | ${text ? cell(shortLink(text)) : 'by email only'} |`;
    });
    return `## ${words(kind)}\n![${words(kind)}](${kind}.webp)\n\n| | email’s subject | text |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
  };
  return `# Every message

The words are in [services/delivery/templates](../../services/delivery/templates): one file of ICU messages for each language and
two layouts for emails, [HTML](../../services/delivery/templates/layout.html) and [text](../../services/delivery/templates/layout.txt).
A new language is one more file, named by its tag. A key or an argument that is missing or unknown, in any language, stops the
delivery service at its start, with all of them named; so does a text that needs two segments.

- **Language:** exactly the login’s (\`de-AT\`), else its language (\`de\`), else the provider’s, else English.
- **Texts** fit one segment, 160 letters of the GSM alphabet or 70 of any other. A code’s last line binds it to the website. Names are
  cut to fit, in plain letters (\`Hotel\` for \`Hôtel\`) before they are shortened; a notice without room for its link gives advice instead.
- **Emails** have text and HTML, fit 320 pixels, follow a dark or light reader and load nothing but a logo that a provider may set.
- **A provider** brings its name, and may bring a colour, a logo, a sender, a time zone and a language.
- The name of a device or an account may be anybody’s words: no link, address or number of theirs gets into a message.

This page and its pictures are made by \`node tools/message-screenshots.ts\`. Each picture: a phone of 320 pixels and a wide reader, light and dark.

## In every language
![The notice of a new device in every language](languages.webp)

## With a provider’s own colour and logo
![A code under a provider’s own colour and logo](branded.webp)

${(inLanguages[0]?.messages ?? []).map(section).join('\n')}`;
}
