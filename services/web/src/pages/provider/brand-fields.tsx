import { Button, Group, Input, Stack, TextInput } from '@mantine/core';
import { useId, useRef } from 'react';
import { providerTexts } from '../../texts/provider-texts.ts';
import { type BrandDraft, draftOf, readLogo, type WrongField } from './brand-draft.ts';
import classes from './brand-page.module.css';

const words = providerTexts.brand;
/** What the picker shows while there is no colour: ours. */
const unset = '#17745f';

interface BrandFieldsProps {
  draft: BrandDraft;
  wrong: WrongField[];
  onChange: (changed: Partial<BrandDraft>) => void;
  onWrongLogo: () => void;
}

export function BrandFields({ draft, wrong, onChange, onWrongLogo }: BrandFieldsProps) {
  const typed = (name: 'name' | 'color' | 'logoUrl') => ({
    value: draft[name] ?? '',
    onChange: (event: { currentTarget: HTMLInputElement }) => onChange({ [name]: event.currentTarget.value }),
    autoComplete: 'off',
  });
  return (
    <Stack gap="md" mt="sm">
      <TextInput label={words.name} description={words.nameHint} maxLength={60} error={wrong.includes('name') && words.nameInvalid} {...typed('name')} />
      <Group align="flex-end" gap="sm" wrap="nowrap">
        <TextInput className={classes.color ?? ''} label={words.color} description={words.colorHint} spellCheck={false} error={wrong.includes('color') && words.colorInvalid} {...typed('color')} />
        <input
          type="color"
          aria-label={words.pickColor}
          className={classes.picker}
          value={draftOf(draft).color ?? unset}
          onChange={(event) => onChange({ color: event.currentTarget.value })}
        />
      </Group>
      <LogoField logo={draft.logo} wrong={wrong.includes('logo')} onChange={(logo) => onChange({ logo })} onWrong={onWrongLogo} />
      <TextInput type="url" label={words.logoUrl} description={words.logoUrlHint} maxLength={500} error={wrong.includes('logoUrl') && words.logoUrlInvalid} {...typed('logoUrl')} />
    </Stack>
  );
}

interface LogoFieldProps {
  logo: string | null;
  wrong: boolean;
  onChange: (logo: string | null) => void;
  onWrong: () => void;
}

function LogoField({ logo, wrong, onChange, onWrong }: LogoFieldProps) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const choose = async (file: File | undefined) => {
    if (!file) return;
    const read = await readLogo(file);
    if (read) return onChange(read);
    if (field.current) field.current.value = '';
    onWrong();
  };
  const remove = () => {
    if (field.current) field.current.value = '';
    onChange(null);
    field.current?.focus();
  };
  return (
    <Input.Wrapper id={id} label={words.logo} description={words.logoHint} error={wrong && words.logoInvalid} size="md">
      <Group gap="sm" mt={4}>
        <label className={classes.chooser}>
          <input
            ref={field}
            id={id}
            type="file"
            accept="image/png,image/jpeg,image/webp"
            aria-invalid={wrong || undefined}
            aria-describedby={`${id}-description${wrong ? ` ${id}-error` : ''}`}
            className={classes.file}
            onChange={(event) => void choose(event.currentTarget.files?.[0])}
          />
          {/* The browser would name its own button in its own language. */}
          <span aria-hidden="true">{words.chooseLogo}</span>
        </label>
        {logo && (
          <Button size="sm" variant="default" onClick={remove}>
            {words.removeLogo}
          </Button>
        )}
      </Group>
    </Input.Wrapper>
  );
}
