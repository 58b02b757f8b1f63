import { Button } from '@mantine/core';
import { useState } from 'react';
import { pageTexts } from '../texts/page-texts.ts';

/** Copies a text; says so on the button itself and to screen readers. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false);
  // Without a clipboard (plain http on a network name) the text can still be selected and copied by hand.
  if (!navigator.clipboard) return null;

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // The browser was told not to let pages copy: by hand too.
      return;
    }
    setCopied(true);
    setTimeout(() => setCopied(false), 2500);
  };
  return (
    <Button variant="default" size="sm" onClick={copy}>
      <span aria-live="polite">{copied ? pageTexts.setup.copied : label}</span>
    </Button>
  );
}
