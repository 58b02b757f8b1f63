import { defaultCssVariablesResolver, DEFAULT_THEME, mergeMantineTheme } from '@mantine/core';
import { describe, expect, test } from 'vitest';
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

/** WCAG 2.2, "relative luminance" and "contrast ratio". */
function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(hex: string): number {
  const long = /^#(\w)(\w)(\w)$/.test(hex) ? hex.replace(/\w/g, '$&$&') : hex;
  const channels = /^#(\w\w)(\w\w)(\w\w)$/.exec(long)?.slice(1);
  if (!channels) throw new Error(`not a plain colour: ${hex}`);
  const [red = 0, green = 0, blue = 0] = channels
    .map((channel) => Number.parseInt(channel, 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
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
