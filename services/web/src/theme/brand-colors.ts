export type Scheme = 'light' | 'dark';

/** Red, green and blue in linear light, each from 0 to 1. */
type Light = readonly [number, number, number];

// Bounds of relative luminance (WCAG 2.2). Contrast depends on it alone, so a colour within them is readable whatever its hue.
// Light: 4.5:1 on the page (#f6f4ef), the darkest ground there is, and under white ink. Dark: the same on the brightest
// ground (#232a27), and under the ink of buttons (#1c1f1d). A tint and the words on it are 4.5:1 apart as well.
const bounds = { accentOnLight: 0.15, tintOnLight: 0.8, wordsOnLightTint: 0.1, accentOnDark: 0.3, tintOnDark: 0.02, wordsOnDarkTint: 0.5 };

/**
 * The accent of a provider's colour, as near to it as the contrast of each scheme allows, for the variables that Mantine
 * and our styles take the accent from.
 */
export function brandVariables(color: string): Record<Scheme, Record<string, string>> {
  const own = linear(color);
  const onLight = atMost(own, bounds.accentOnLight);
  const onDark = atLeast(own, bounds.accentOnDark);
  return {
    light: variables({
      filled: hexDown(onLight),
      hover: hexDown(mixed(onLight, 0, 0.25)),
      tint: hexUp(atLeast(own, bounds.tintOnLight)),
      tintHover: hexUp(mixed(atLeast(own, bounds.tintOnLight), 1, 0.3)),
      words: hexDown(atMost(own, bounds.wordsOnLightTint)),
    }),
    dark: variables({
      filled: hexUp(onDark),
      hover: hexUp(mixed(onDark, 1, 0.25)),
      tint: hexDown(atMost(own, bounds.tintOnDark)),
      tintHover: hexDown(mixed(atMost(own, bounds.tintOnDark), 0, 0.3)),
      words: hexUp(atLeast(own, bounds.wordsOnDarkTint)),
    }),
  };
}

/** Black or white, whichever can be read better on a colour; one of them always has 4.58:1. */
export const inkOn = (color: string): '#000000' | '#ffffff' => (luminance(linear(color)) < 0.179 ? '#ffffff' : '#000000');

function variables({ filled, hover, tint, tintHover, words }: Record<'filled' | 'hover' | 'tint' | 'tintHover' | 'words', string>): Record<string, string> {
  const both = { filled, 'filled-hover': hover, light: tint, 'light-hover': tintHover, 'light-color': words };
  // The second are computed from the first at the root, so that a part of a page has to be given both.
  const named = Object.entries(both).flatMap(([part, value]) => [[`--mantine-color-verdigris-${part}`, value], [`--mantine-primary-color-${part}`, value]]);
  return {
    ...Object.fromEntries(named),
    '--mantine-color-anchor': filled,
    '--mantine-color-verdigris-text': filled,
    '--mantine-color-verdigris-outline': filled,
    '--mantine-color-verdigris-outline-hover': `color-mix(in srgb, ${filled} 5%, transparent)`,
  };
}

/** In linear light the luminance of a mixture is the mixture of luminances: the share of black or white is exact. */
const mixed = (color: Light, other: 0 | 1, share: number): Light => color.map((channel) => channel + (other - channel) * share) as unknown as Light;

function atMost(color: Light, most: number): Light {
  const own = luminance(color);
  return own <= most ? color : mixed(color, 0, 1 - most / own);
}

function atLeast(color: Light, least: number): Light {
  const own = luminance(color);
  return own >= least ? color : mixed(color, 1, (least - own) / (1 - own));
}

const luminance = ([red, green, blue]: Light): number => 0.2126 * red + 0.7152 * green + 0.0722 * blue;

function linear(hex: string): Light {
  const channels = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
  return channels.map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)) as unknown as Light;
}

// Rounded away from the bound; what is whole but for the arithmetic stays, so that a colour that is right is kept.
const hexDown = (color: Light) => hex(color, (value) => Math.floor(value + 1e-6));
const hexUp = (color: Light) => hex(color, (value) => Math.ceil(value - 1e-6));

const hex = (color: Light, whole: (value: number) => number): string =>
  `#${color
    .map((channel) => (channel <= 0.0031308 ? channel * 12.92 : 1.055 * channel ** (1 / 2.4) - 0.055))
    .map((value) => whole(value * 255).toString(16).padStart(2, '0'))
    .join('')}`;
