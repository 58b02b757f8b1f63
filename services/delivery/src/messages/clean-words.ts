/**
 * On one line: a line break in a name would start a header of its own in an email, or a line with somebody else's host in
 * a text; signs that turn the direction of writing would show a name as another.
 */
export const oneLine = (words: string): string =>
  words
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .normalize('NFC')
    .trim();

/**
 * What a stranger may have chosen, such as the name of a device, reduced to plain words: a name must not put a link or an
 * address of its own into a message that people trust.
 */
export const plainWords = (words: string): string =>
  [
    ...oneLine(words)
      .replace(/[^\p{L}\p{M}\p{N} .,()&+'’-]/gu, ' ')
      // A full stop only where it ends an abbreviation or stands between digits: `evil.example` is a link to a phone.
      .replace(/\.(?=\p{L})|(?<=\p{L})\.(?=\S)/gu, ' ')
      // A number that a phone would offer to call.
      .replace(/\p{Nd}[\p{Nd} .,()-]{4,}\p{Nd}/gu, ' ')
      .replace(/ +/g, ' ')
      .trim(),
  ]
    .slice(0, 60)
    .join('')
    .trim();

/** An address that may be linked to or shown as an image, or undefined. */
export function webAddress(address: string | undefined, protocols: readonly string[]): string | undefined {
  if (!address || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  return protocols.includes(url.protocol) ? url.href : undefined;
}
