export const codeLength = 6;

/** The digits of what was typed, pasted or filled in, whatever stands around them; no more than a code has. */
export function digitsOf(text: string): string {
  return text.normalize('NFKC').replace(/\D/g, '').slice(0, codeLength);
}
