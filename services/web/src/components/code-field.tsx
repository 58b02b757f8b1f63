import { TextInput } from '@mantine/core';
import type { ReactNode, Ref } from 'react';
import { pageTexts } from '../texts/page-texts.ts';
import { digitsOf } from './code-digits.ts';
import classes from './code-field.module.css';

interface CodeFieldProps {
  value: string;
  onChange: (code: string) => void;
  /** Stands under the field in the same place, whether it is a hint or what was wrong. */
  message: ReactNode;
  wrong: boolean;
  busy: boolean;
  /** For codes that are not 6 digits: what they are called. */
  anyText?: string | undefined;
  ref?: Ref<HTMLInputElement>;
}

/** The field for a 6-digit code: one field, so that pasting, auto-fill and screen readers just work. */
export function CodeField({ value, onChange, message, wrong, busy, anyText, ref }: CodeFieldProps) {
  return (
    <TextInput
      ref={ref}
      label={anyText ?? pageTexts.common.code}
      name="code"
      type="text"
      inputMode={anyText ? 'text' : 'numeric'}
      autoComplete={anyText ? 'off' : 'one-time-code'}
      autoCapitalize="none"
      autoCorrect="off"
      {...(anyText && { maxLength: 64 })}
      spellCheck={false}
      size="lg"
      value={value}
      onChange={(event) => onChange(anyText ? event.currentTarget.value : digitsOf(event.currentTarget.value))}
      readOnly={busy}
      error={wrong}
      description={
        <span aria-live="polite" className={wrong ? classes.wrong : undefined}>
          {message}
        </span>
      }
      inputWrapperOrder={['label', 'input', 'description']}
      classNames={{ input: (anyText ? classes.text : classes.input) ?? '', description: classes.message ?? '' }}
    />
  );
}
