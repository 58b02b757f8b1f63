import { convertCssVariables, DEFAULT_THEME, defaultCssVariablesResolver, mergeMantineTheme } from '@mantine/core';
import type { Plugin } from 'vite';
import { schemeVariables, theme } from './src/theme/theme.ts';

const unusedColors = ['blue', 'cyan', 'grape', 'green', 'indigo', 'lime', 'orange', 'pink', 'teal', 'violet'];
const unused = new RegExp(`^--mantine-color-(${unusedColors.join('|')})-`);

/**
 * Writes the theme's CSS variables into the style sheet at build time, as `virtual:theme-variables.css`.
 * Mantine would otherwise add them in the browser as a `<style>` element, which a Content-Security-Policy
 * without 'unsafe-inline' refuses.
 */
export function themeVariables(): Plugin {
  const name = 'virtual:theme-variables.css';
  const resolved = `\0${name}`;
  return {
    name: 'theme-variables',
    resolveId: (id) => (id === name ? resolved : null),
    load: (id) => (id === resolved ? themeCss() : null),
  };
}

function themeCss(): string {
  const merged = mergeMantineTheme(DEFAULT_THEME, theme);
  const standard = defaultCssVariablesResolver(merged);
  const ours = schemeVariables(merged);
  return convertCssVariables(
    {
      variables: withoutUnused({ ...standard.variables, ...ours.variables }),
      light: withoutUnused({ ...standard.light, ...ours.light }),
      dark: withoutUnused({ ...standard.dark, ...ours.dark }),
    },
    ':root',
  );
}

function withoutUnused(variables: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).filter(([key]) => !unused.test(key)));
}
