import { Refusal } from '@latchkey/contracts';
import type { Login } from '../logins/find-login.ts';

/** Where the login itself can't go on: whom to call. */
export function askServiceProvider({ provider: { name, contact } }: Pick<Login, 'provider'>): Refusal {
  return new Refusal('ask_service_provider', { provider: { ...contact, name: contact.name ?? name } });
}
