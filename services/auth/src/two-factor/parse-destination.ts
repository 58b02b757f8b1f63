import { Refusal } from '@latchkey/contracts';
import { maskEmailAddress, maskPhoneNumber } from '@latchkey/platform';
import { parsePhoneNumberWithError, ParseError } from 'libphonenumber-js/max';
import { z } from 'zod';

const emailAddress = z.email().max(254);

/** A destination as it is stored, with what may be shown of it. */
export type Destination = { normalized: string; hint: string };

/** An E.164 number that can get texts (norm 28). It has to be typed with its country code: guessing one texts a stranger. */
export function parsePhoneNumber(typed: string): Destination {
  const number = parse(typed);
  const type = number?.getType();
  // North American numbers do not tell whether they are mobile ones.
  const getsTexts = number?.isValid() && !number.ext && (type === 'MOBILE' || type === 'FIXED_LINE_OR_MOBILE');
  if (!number || !getsTexts) throw new Refusal('unsupported_destination');
  return { normalized: number.number, hint: maskPhoneNumber(number.number) };
}

/** A plain address; nothing that could add a header or a second recipient gets through. */
export function parseEmailAddress(typed: string): Destination {
  const result = emailAddress.safeParse(typed.trim());
  if (!result.success) throw new Refusal('unsupported_destination');
  const at = result.data.lastIndexOf('@');
  const normalized = `${result.data.slice(0, at)}@${result.data.slice(at + 1).toLowerCase()}`;
  return { normalized, hint: maskEmailAddress(normalized) };
}

function parse(typed: string) {
  try {
    return parsePhoneNumberWithError(typed, { extract: false });
  } catch (error) {
    if (error instanceof ParseError) return undefined;
    throw error;
  }
}
