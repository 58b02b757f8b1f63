import { Stack, Text, TextInput } from '@mantine/core';
import { providerTexts } from '../../texts/provider-texts.ts';
import type { Policy } from './provider-api.ts';

const words = providerTexts.policy;
type Contact = Policy['contact'];

interface ContactFieldsProps {
  contact: Contact;
  wrongEmail: boolean;
  onChange: (contact: Contact) => void;
}

/** Whom a customer calls who can't get in; says so when nobody could be reached. */
export function ContactFields({ contact, wrongEmail, onChange }: ContactFieldsProps) {
  const field = (name: keyof Contact) => ({
    value: contact[name] ?? '',
    onChange: (event: { currentTarget: HTMLInputElement }) => onChange({ ...contact, [name]: event.currentTarget.value }),
    autoComplete: 'off',
  });
  const unreachable = !contact.phone?.trim() && !contact.email?.trim();
  return (
    <>
      <Stack gap="sm">
        <Text c="dimmed">{words.contactText}</Text>
        <TextInput label={words.name} description={words.nameHint} maxLength={120} {...field('name')} />
        <TextInput type="tel" label={words.phone} maxLength={40} {...field('phone')} />
        <TextInput type="email" label={words.email} maxLength={254} error={wrongEmail && words.emailInvalid} {...field('email')} />
      </Stack>
      <div role="status">
        {unreachable && (
          <Text fw={600} mt="sm">
            {words.unreachable}
          </Text>
        )}
      </div>
    </>
  );
}
