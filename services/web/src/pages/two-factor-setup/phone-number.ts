import {
  AsYouType,
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/min';

/** A phone number as it stands in the form. */
export interface Phone {
  country: CountryCode;
  text: string;
}

/** The country that the browser's languages point at, to begin with. */
export function startingCountry(languages: readonly string[]): CountryCode {
  for (const language of languages) {
    const region = new Intl.Locale(language).region;
    if (region && isSupportedCountry(region)) return region;
  }
  return 'US';
}

/** All countries with their calling code, by name in the given language. */
export function countryChoices(locale: string): { value: CountryCode; label: string }[] {
  const names = new Intl.DisplayNames(locale, { type: 'region' });
  return getCountries()
    .map((country) => ({ value: country, label: `${names.of(country) ?? country} (+${getCountryCallingCode(country)})` }))
    .sort((a, b) => a.label.localeCompare(b.label, locale));
}

/** Takes what was typed at the end, spaced as the country does; a number with + brings its country along. */
export function typePhoneNumber(before: Phone, typed: string): Phone {
  // Deleting, and typing in the middle, must not be fought with.
  if (!typed.startsWith(before.text.slice(0, -1)) || typed.length < before.text.length) return { ...before, text: typed };
  const formatter = new AsYouType(before.country);
  const text = formatter.input(typed);
  const country = typed.trim().startsWith('+') ? formatter.getCountry() : undefined;
  return { country: country ?? before.country, text };
}

/** The number in E.164, when it is as long as numbers of its country are; whether it takes texts is not told by it. */
export function wholePhoneNumber({ country, text }: Phone): string | null {
  const number = parsePhoneNumberFromString(text, country);
  return number?.isPossible() ? number.number : null;
}
