import type { Branding } from '@latchkey/contracts';
import type { Login } from '../logins/find-login.ts';

/** Thirty characters are at most sixty UTF-16 units, which is what the contract takes. */
export const shortName = (name: string): string => [...name].slice(0, 30).join('');

/** What customers know a provider by. */
export const shownName = ({ name, brand }: Login['provider']): string => brand.name ?? name;

/** How the messages of a login present themselves. */
export const brandingOf = ({ provider }: Pick<Login, 'provider'>, publicUrl: URL): Branding => ({ ...provider.brand, name: shortName(shownName(provider)), host: publicUrl.hostname });
