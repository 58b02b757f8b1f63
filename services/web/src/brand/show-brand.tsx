import type { Schemas } from '@latchkey/client';
import { brandVariables, type Scheme } from '../theme/brand-colors.ts';
import { BrandLogo } from './brand-logo.tsx';
import { showLogo } from './shown-logo.ts';

export type Brand = Schemas['Brand'];

// A sheet made by a script, which the Content-Security-Policy lets through: nothing in it is written by anybody but us.
const sheet = new CSSStyleSheet();

/** Puts a brand in place of ours, on all pages; null puts ours back. */
export function showBrand(brand: Brand | null): void {
  sheet.replaceSync(brand?.color ? styleOf(brand.color) : '');
  if (!document.adoptedStyleSheets.includes(sheet)) document.adoptedStyleSheets.push(sheet);
  showLogo(brand?.name ? <BrandLogo name={brand.name} logo={brand.logo} /> : null);
}

function styleOf(color: string): string {
  const { light, dark } = brandVariables(color);
  return ruleOf('light', light) + ruleOf('dark', dark);
}

const ruleOf = (scheme: Scheme, variables: Record<string, string>) =>
  `:root[data-mantine-color-scheme='${scheme}']{${Object.entries(variables).map(([name, value]) => `${name}:${value}`).join(';')}}`;
