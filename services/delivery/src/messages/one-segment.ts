import splitSms from 'split-sms';

/** As how many messages phone networks carry it: one has 160 letters of the GSM alphabet, or 70 of any other. */
// To look up each letter takes 15 µs; seventy fit in every alphabet.
export const segmentsOf = (text: string): number => (text.length <= 70 ? 1 : splitSms.split(text).parts.length);
export const fitsOneSegment = (text: string): boolean => segmentsOf(text) === 1;

/** The first that fits one segment and is not unfit for another reason. */
export function firstThatFits(texts: Iterable<string>, unfit: (text: string) => boolean = () => false): string | undefined {
  for (const text of texts) if (!unfit(text) && fitsOneSegment(text)) return text;
  return undefined;
}

/**
 * Names in all their lengths, the longest first, each cut to as many letters: as they are written, then in letters of the
 * GSM alphabet where it has them all, since one letter outside it (the ê of Hôtel, the ’ of O’Neil) leaves room for 70
 * letters in the whole text instead of 160. A name shorter than `shortest` stays whole.
 */
export function* shortened<Names extends readonly string[]>(names: Names, shortest: number): Iterable<Names> {
  // Mostly they fit whole, and need not be taken apart.
  yield names.map((name) => name.trim()) as readonly string[] as Names;
  const spellings = [names.map((name) => [...name]), names.map((name) => [...name].flatMap((letter) => [...gsmLetters(letter)]))]
    .filter((letters, at) => at === 0 || letters.flat().every(isGsm));
  const longest = Math.max(...spellings.flat().map(({ length }) => length));
  for (let length = longest; length >= Math.min(shortest, longest); length -= 1)
    for (const spelling of spellings) yield spelling.map((letters) => letters.slice(0, length).join('').trim()) as readonly string[] as Names;
}

const isGsm = (letter: string): boolean => splitSms.split(letter).characterSet === 'GSM';

// Letters and signs that Unicode does not take apart into a plain letter and its accent.
const lookAlikes: Readonly<Record<string, string>> = {
  ł: 'l', Ł: 'L', đ: 'd', Đ: 'D', ı: 'i', œ: 'oe', Œ: 'OE', þ: 'th', Þ: 'Th', ð: 'd',
  '‘': "'", '’': "'", '“': '"', '”': '"', '„': '"', '«': '"', '»': '"', '–': '-', '—': '-', '‑': '-',
};

function gsmLetters(letter: string): string {
  return isGsm(letter) ? letter : (lookAlikes[letter] ?? letter.normalize('NFKD').replace(/\p{M}/gu, ''));
}
