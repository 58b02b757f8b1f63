import { Refusal } from '@latchkey/contracts';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

export interface TextedNumber {
  /** ISO 3166. */
  country: string;
  /** Calling code and the first three digits after it: the unit in which numbers are sold to those who pump texts. */
  prefix: string;
}

/** Texts go to E.164 numbers of allowed countries (norm 28), and to none that charges its callers. */
export function textedNumber(destination: string, allowedCountries: readonly string[]): TextedNumber {
  const number = parsePhoneNumberFromString(destination);
  const country = number?.country;
  if (!number?.isValid() || !country || !allowedCountries.includes(country)) throw new Refusal('unsupported_destination');
  if (number.getType() === 'PREMIUM_RATE') throw new Refusal('unsupported_destination');
  return { country, prefix: `+${number.countryCallingCode}${number.nationalNumber.slice(0, 3)}` };
}
