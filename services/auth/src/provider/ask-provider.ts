import { Refusal } from '@latchkey/contracts';
import type { Login } from '../logins/find-login.ts';
import { shownName } from '../notices/branding.ts';

/** Where the login itself can't go on: whom to call. */
export function askServiceProvider({ provider }: Pick<Login, 'provider'>): Refusal {
  return new Refusal('ask_service_provider', { provider: { ...provider.contact, name: provider.contact.name ?? shownName(provider) } });
}
