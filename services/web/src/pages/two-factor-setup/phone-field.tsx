import { NativeSelect, TextInput } from '@mantine/core';
import type { CountryCode } from 'libphonenumber-js/min';
import { useMemo } from 'react';
import { pageTexts } from '../../texts/page-texts.ts';
import { locale } from '../../texts/language.ts';
import { countryChoices, type Phone, typePhoneNumber } from './phone-number.ts';

const words = pageTexts.setup;

interface PhoneFieldProps {
  phone: Phone;
  onChange: (phone: Phone) => void;
  wrong: boolean;
}

/** Country and number; a number typed with + chooses the country by itself. */
export function PhoneField({ phone, onChange, wrong }: PhoneFieldProps) {
  const choices = useMemo(() => countryChoices(locale), []);
  const type = (input: HTMLInputElement) => {
    const atEnd = input.selectionStart === input.value.length;
    onChange(atEnd ? typePhoneNumber(phone, input.value) : { ...phone, text: input.value });
  };
  return (
    <>
      <NativeSelect
        label={words.country}
        autoComplete="tel-country-code"
        data={choices}
        value={phone.country}
        onChange={(event) => onChange({ ...phone, country: event.currentTarget.value as CountryCode })}
      />
      <TextInput
        type="tel"
        label={words.phoneNumber}
        description={words.phoneHint}
        name="tel"
        autoComplete="tel"
        maxLength={40}
        value={phone.text}
        onChange={(event) => type(event.currentTarget)}
        error={wrong}
      />
    </>
  );
}
