import { describe, expect, test } from 'vitest';
import { countryChoices, type Phone, startingCountry, typePhoneNumber, wholePhoneNumber } from './phone-number.ts';

const none: Phone = { country: 'US', text: '' };

/** Types a text key by key, as a person would. */
const typed = (text: string, from = none) =>
  [...text].reduce((phone, key) => typePhoneNumber(phone, phone.text + key), from);

describe('typing a phone number', () => {
  test('spaces it as its country does', () => {
    expect(typed('2015550123').text).toBe('(201) 555-0123');
  });

  test('a number with + brings its country along', () => {
    expect(typed('+4930123456')).toMatchObject({ country: 'DE', text: '+49 30 123456' });
  });

  test('each key can be deleted again', () => {
    let phone = typed('2015550123');
    for (let length = phone.text.length - 1; length >= 0; length -= 1) {
      phone = typePhoneNumber(phone, phone.text.slice(0, -1));
      expect(phone.text).toHaveLength(length);
    }
  });

  test('a pasted number is taken whole', () => {
    expect(wholePhoneNumber(typePhoneNumber(none, '+44 7911 123456'))).toBe('+447911123456');
  });
});

describe('a whole phone number', () => {
  test.each([
    [{ country: 'US', text: '(201) 555-0123' }, '+12015550123'],
    [{ country: 'DE', text: '0151 23456789' }, '+4915123456789'],
    [{ country: 'US', text: '+49 151 23456789' }, '+4915123456789'],
    [{ country: 'US', text: '201555' }, null],
    [{ country: 'US', text: 'ring me' }, null],
    [{ country: 'US', text: '' }, null],
  ] as [Phone, string | null][])('%j is %j', (phone, number) => {
    expect(wholePhoneNumber(phone)).toBe(number);
  });
});

describe('the country to begin with', () => {
  test.each([
    [['de-AT', 'en-US'], 'AT'],
    [['fr', 'en-GB'], 'GB'],
    [['en'], 'US'],
    [[], 'US'],
  ])('of the languages %j is %s', (languages, country) => {
    expect(startingCountry(languages)).toBe(country);
  });

  test('can be found in the list by its name', () => {
    const choices = countryChoices('en');
    expect(choices).toContainEqual({ value: 'DE', label: 'Germany (+49)' });
    expect(new Set(choices.map(({ value }) => value)).size).toBe(choices.length);
  });
});
