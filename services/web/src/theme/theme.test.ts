import { defaultCssVariablesResolver, DEFAULT_THEME, mergeMantineTheme } from '@mantine/core';
import { describe, expect, test } from 'vitest';
import { contrast } from './testing/contrast.ts';
import { schemeVariables, theme } from './theme.ts';

const merged = mergeMantineTheme(DEFAULT_THEME, theme);
const standard = defaultCssVariablesResolver(merged);
const ours = schemeVariables(merged);

/** The colour behind a CSS variable in a scheme, whatever variables it goes through. */
function color(scheme: 'light' | 'dark', name: string): string {
  const all: Record<string, string> = { ...standard.variables, ...ours.variables, ...standard[scheme], ...ours[scheme] };
  const value = all[name] ?? '';
  const further = /^var\((--[\w-]+)\)$/.exec(value)?.[1];
  return further ? color(scheme, further) : value;
}

const card = '--mantine-color-body';
const page = '--page-background';
const readable: [text: string, on: string, ratio: number][] = [
  ['--mantine-color-text', card, 7],
  ['--mantine-color-text', page, 7],
  ['--mantine-color-dimmed', card, 4.5],
  ['--mantine-color-dimmed', page, 4.5],
  ['--mantine-color-error', card, 4.5],
  ['--mantine-color-error', page, 4.5],
  ['--mantine-color-anchor', card, 4.5],
  ['--mantine-color-anchor', page, 4.5],
  ['--mantine-color-placeholder', card, 4.5],
  ['--mantine-primary-color-contrast', '--mantine-color-verdigris-filled', 4.5],
  ['--mantine-primary-color-contrast', '--mantine-color-verdigris-filled-hover', 4.5],
  // The edge of a field, and what is drawn in the accent.
  ['--mantine-color-default-border', card, 3],
  ['--mantine-color-verdigris-filled', card, 3],
];

describe.each(['light', 'dark'] as const)('in the %s scheme', (scheme) => {
  test.each(readable)('%s stands out from %s by %f to 1', (text, on, ratio) => {
    expect(contrast(color(scheme, text), color(scheme, on))).toBeGreaterThanOrEqual(ratio);
  });

  test('a filled button takes the text colour that is right for the scheme', () => {
    const colors = merged.variantColorResolver({ color: 'verdigris', variant: 'filled', theme: merged });
    expect(colors.color).toBe('var(--mantine-primary-color-contrast)');
  });
});
