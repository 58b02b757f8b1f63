import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { brandVariables, inkOn } from './brand-colors.ts';
import { contrast } from './testing/contrast.ts';

const anyColor = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);
/** Pure, ugly or at a bound. */
const examples = ['#000000', '#ffffff', '#ffff00', '#00ff00', '#0000ff', '#ff00ff', '#00ffff', '#010101', '#0a0a0a', '#767676', '#17745f', '#fefefe'].map((color): [string] => [color]);

// What lies behind text in the accent, and the ink of filled buttons (theme.ts): page, card, and the ground of plain buttons in the dark.
const grounds = { light: ['#f6f4ef', '#ffffff'], dark: ['#121614', '#1a201d', '#232a27'] };
const inks = { light: '#ffffff', dark: '#1c1f1d' };

describe.each(['light', 'dark'] as const)('in the %s scheme, whatever the colour', (scheme) => {
  const everywhere = (holds: (variable: (name: string) => string) => void) =>
    fc.assert(
      fc.property(anyColor, (color) => {
        const variables = brandVariables(color)[scheme];
        holds((name) => variables[name] ?? '');
      }),
      { numRuns: 5_000, examples },
    );

  test('links and accents have 4.5:1 on every ground', () => {
    everywhere((variable) => {
      for (const name of ['--mantine-color-anchor', '--mantine-primary-color-filled', '--mantine-color-verdigris-outline', '--mantine-color-verdigris-text']) {
        for (const ground of grounds[scheme]) expect(contrast(variable(name), ground)).toBeGreaterThanOrEqual(4.5);
      }
    });
  });

  test('the words of a button have 4.5:1, also under the pointer', () => {
    everywhere((variable) => {
      for (const name of ['filled', 'filled-hover']) {
        for (const of of ['primary-color', 'color-verdigris']) expect(contrast(variable(`--mantine-${of}-${name}`), inks[scheme])).toBeGreaterThanOrEqual(4.5);
      }
    });
  });

  test('words on a tint have 4.5:1, also under the pointer', () => {
    everywhere((variable) => {
      for (const name of ['light', 'light-hover']) {
        expect(contrast(variable(`--mantine-primary-color-${name}`), variable('--mantine-primary-color-light-color'))).toBeGreaterThanOrEqual(4.5);
      }
    });
  });
});

test('a colour that can be read as it is stays what it is', () => {
  for (const color of ['#17745f', '#000000', '#0a5c8f', '#7a1020']) expect(brandVariables(color).light['--mantine-primary-color-filled']).toBe(color);
  for (const color of ['#ffff00', '#ffffff', '#5cbba2']) expect(brandVariables(color).dark['--mantine-primary-color-filled']).toBe(color);
});

test('words on the colour itself, as emails have them, have 4.5:1', () => {
  fc.assert(
    fc.property(anyColor, (color) => void expect(contrast(inkOn(color), color)).toBeGreaterThanOrEqual(4.5)),
    { numRuns: 5_000, examples },
  );
});
