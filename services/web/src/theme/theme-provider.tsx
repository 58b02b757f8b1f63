import { MantineContext, MantineThemeProvider } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { theme } from './theme.ts';

const getRootElement = () => document.documentElement;
const nothing = () => undefined;
// The site has no switch of its own: the scheme is the device's.
const value = {
  colorScheme: 'auto' as const,
  setColorScheme: nothing,
  clearColorScheme: nothing,
  getRootElement,
  classNamesPrefix: 'mantine',
  cssVariablesSelector: ':root',
  withStaticClasses: false,
};
const dark = matchMedia('(prefers-color-scheme: dark)');
const followScheme = () => getRootElement().setAttribute('data-mantine-color-scheme', dark.matches ? 'dark' : 'light');
followScheme();

/**
 * MantineProvider without the part that writes the theme into a `<style>` element: ours is in the style sheet already
 * (theme-variables.ts), a strict Content-Security-Policy would refuse the element, and the first load is 4 kB lighter.
 */
export function ThemeProvider({ children }: { children: ReactNode }) {
  useEffect(() => {
    dark.addEventListener('change', followScheme);
    return () => dark.removeEventListener('change', followScheme);
  }, []);
  return (
    <MantineContext value={value}>
      <MantineThemeProvider theme={theme}>{children}</MantineThemeProvider>
    </MantineContext>
  );
}
