import type { StaffBrand } from './provider-api.ts';

/** A brand while it is written: its texts as typed. */
export type BrandDraft = StaffBrand;
export type WrongField = keyof BrandDraft;

const filled = (text: string | null): string | null => text?.trim() || null;
const colorPattern = /^#[\da-f]{6}$/i;

/** As the API takes it; a colour that is not one yet is none. */
export function draftOf({ name, color, logo, logoUrl }: BrandDraft): StaffBrand {
  const typed = filled(color);
  return { name: name.trim(), color: typed && colorPattern.test(typed) ? typed.toLowerCase() : null, logo, logoUrl: filled(logoUrl) };
}

export function wrongFields({ name, color, logoUrl }: BrandDraft): WrongField[] {
  const wrong: WrongField[] = [];
  if (!name.trim() || [...name.trim()].length > 30) wrong.push('name');
  if (filled(color) && !colorPattern.test(filled(color) ?? '')) wrong.push('color');
  if (filled(logoUrl) && !isHttps(filled(logoUrl) ?? '')) wrong.push('logoUrl');
  return wrong;
}

const isHttps = (address: string): boolean => URL.canParse(address) && new URL(address).protocol === 'https:' && !/["'<>\s]/.test(address);

/** The server looks at the first bytes, too, and takes no more. */
const mostBytes = 40 * 1024;
const pictures = ['image/png', 'image/jpeg', 'image/webp'];

/** A chosen file as a `data:` address; null where it is no such picture, whatever its name says. */
export async function readLogo(file: File): Promise<string | null> {
  if (file.size > mostBytes || !pictures.includes(file.type)) return null;
  try {
    (await createImageBitmap(file)).close();
  } catch {
    return null;
  }
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => resolve(null);
    reader.readAsDataURL(file);
  });
}
