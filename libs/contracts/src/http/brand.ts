import { z } from 'zod';
import { printable } from '../primitives.ts';
import { attemptSecret } from './login.ts';

/** Messages name a provider in thirty characters; what does not fit there is not taken here. */
const displayName = printable(60).refine((name) => [...name].length <= 30, 'must be 30 characters or fewer');
const color = z.string().regex(/^#[\da-f]{6}$/i).describe('#rrggbb');

/** So that a brand with it fits a request body (64 KiB) as base64. */
export const logoBytes = 40 * 1024;

/** How each kind of picture begins. SVG is none of them: it is a document that may hold scripts. */
const beginnings: Record<string, RegExp> = {
  png: /^\x89PNG\r\n\x1a\n/,
  jpeg: /^\xff\xd8\xff/,
  webp: /^RIFF[^]{4}WEBP/,
};

/** Whether an address holds a picture, and of the kind that it says: its first bytes are looked at. */
export function isLogo(address: string): boolean {
  const [, kind = '', base64 = ''] = /^data:image\/(png|jpeg|webp);base64,((?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/.exec(address) ?? [];
  return base64.length <= Math.ceil(logoBytes / 3) * 4 && beginnings[kind]?.test(atob(base64.slice(0, 16))) === true;
}

const logo = z.string().max(60_000).refine(isLogo, `must be a data: address of a PNG, JPEG or WebP picture of ${logoBytes / 1024} KiB or less`).describe('data:image/…;base64,…');
const isHttps = (address: string) => URL.canParse(address) && new URL(address).protocol === 'https:' && !/["'<>\s]/.test(address);

/** How a provider presents itself, as its staff sets it. */
export const providerBrand = z
  .strictObject({
    name: displayName,
    color: color.nullable(),
    logo: logo.nullable(),
    logoUrl: z.string().max(500).refine(isHttps, 'must be an https address').nullable().describe('For emails, where pictures have to be fetched'),
  })
  .meta({ id: 'ProviderBrand' });
export type ProviderBrand = z.infer<typeof providerBrand>;

/** What a website shows to the provider's customers; null is whatever was not set. */
export const brand = z.object({ name: z.string().nullable(), color: z.string().nullable(), logo: z.string().nullable() }).meta({ id: 'Brand' });
export type Brand = z.infer<typeof brand>;
/** For the page that waits for a code. */
export const brandRequest = z.strictObject({ attempt: attemptSecret }).meta({ id: 'BrandRequest' });
