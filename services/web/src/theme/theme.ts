import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core';

/** The one accent: the green that old brass locks turn. Shade 7 carries white text at 5.7:1. */
const verdigris: MantineColorsTuple = [
  '#eefaf6', '#d8f0e8', '#b1e1d2', '#84ceb9', '#5cbba2', '#3da78d', '#278f77', '#17745f', '#0f5f4e', '#0a493c',
];
const gray: MantineColorsTuple = [
  '#faf9f6', '#f3f1ec', '#e8e5de', '#d9d5cc', '#c2bdb2', '#8f8a7f', '#716d64', '#575449', '#3d3b36', '#262521',
];
const dark: MantineColorsTuple = [
  '#e4e9e6', '#c3cbc7', '#a6b0ab', '#7d8883', '#6a7670', '#333c38', '#232a27', '#1a201d', '#121614', '#0c0f0e',
];

// Mantine decides by the light scheme's shade whether text on the accent is black or white, for both schemes; the
// variable is right in each.
const variantColors: VariantColorsResolver = (input) => {
  const colors = defaultVariantColorsResolver(input);
  const onAccent = input.variant === 'filled' && (!input.color || input.color === 'verdigris');
  return onAccent ? { ...colors, color: 'var(--mantine-primary-color-contrast)' } : colors;
};

export const theme = createTheme({
  colors: { verdigris, gray, dark },
  primaryColor: 'verdigris',
  primaryShade: { light: 7, dark: 4 },
  autoContrast: true,
  variantColorResolver: variantColors,
  black: '#1c1f1d',
  fontFamily: "'Figtree Variable', ui-sans-serif, system-ui, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif",
  headings: {
    fontFamily: "'Figtree Variable', ui-sans-serif, system-ui, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif",
    fontWeight: '650',
  },
  defaultRadius: 'md',
  components: {
    Button: { defaultProps: { size: 'md' }, classNames: { root: 'button', label: 'button-label' } },
    TextInput: { defaultProps: { size: 'md' } },
    NativeSelect: { defaultProps: { size: 'md' } },
    // Locking the scroll adds a <style> element, which the Content-Security-Policy refuses.
    Modal: {
      defaultProps: {
        lockScroll: false,
        centered: true,
        transitionProps: { duration: 120 },
        // Mantine's <header> would be a second banner of the page.
        attributes: { header: { role: 'presentation' }, title: { 'data-modal-title': true } },
      },
    },
  },
});

/** Where Mantine's own choices miss the contrast of WCAG AA (4.5:1 for text, 3:1 for field borders), and our page. */
export const schemeVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--page-background': '#f6f4ef',
    '--card-border': 'var(--mantine-color-gray-3)',
    '--mantine-color-error': '#b3261e',
    '--mantine-color-success': 'var(--mantine-color-verdigris-7)',
    '--mantine-color-dimmed': 'var(--mantine-color-gray-7)',
    '--mantine-color-placeholder': 'var(--mantine-color-gray-6)',
    '--mantine-color-default-border': 'var(--mantine-color-gray-5)',
    '--mantine-color-disabled-color': 'var(--mantine-color-gray-6)',
  },
  dark: {
    '--page-background': 'var(--mantine-color-dark-8)',
    '--card-border': 'var(--mantine-color-dark-5)',
    '--mantine-color-error': '#ff9a93',
    '--mantine-color-success': 'var(--mantine-color-verdigris-4)',
    '--mantine-color-dimmed': 'var(--mantine-color-dark-2)',
    '--mantine-color-placeholder': 'var(--mantine-color-dark-2)',
    '--mantine-color-disabled-color': 'var(--mantine-color-dark-2)',
  },
});
