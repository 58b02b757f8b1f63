import { TextInput, type TextInputProps, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { texts } from '../texts/texts.ts';
import { HideIcon, ShowIcon } from './form-icons.tsx';
import classes from './password-field.module.css';

/** A password, which can be shown while it is typed, also from the keyboard. */
export function PasswordField(props: TextInputProps) {
  const [visible, setVisible] = useState(false);
  return (
    <TextInput
      label={texts.common.password}
      type={visible ? 'text' : 'password'}
      autoComplete="current-password"
      name="password"
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      maxLength={128}
      rightSection={
        <UnstyledButton
          className={classes.toggle}
          aria-label={visible ? texts.common.hidePassword : texts.common.showPassword}
          // The field keeps the focus, and a phone its keyboard.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => setVisible(!visible)}
        >
          {visible ? <HideIcon /> : <ShowIcon />}
        </UnstyledButton>
      }
      {...props}
    />
  );
}
