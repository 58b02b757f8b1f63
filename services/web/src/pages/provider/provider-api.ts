import type { BodyOf, Schemas } from '@latchkey/client';
import { api } from '../../api/client.ts';
import type { Page } from '../../components/use-pages.ts';

export type Customer = Schemas['ProviderLogin'];
export type Account = Schemas['ProviderAccount'];
export type StaffBrand = Schemas['ProviderBrand'];
export type Policy = Schemas['ProviderPolicy'];

export async function searchCustomers(query: string, cursor: string | null, signal?: AbortSignal): Promise<Page<Customer>> {
  const answer = await api.get('/v1/provider/logins', { query: { query, ...(cursor && { cursor }) }, ...(signal && { signal }) });
  return { items: answer.logins, next: answer.cursor };
}

export const readCustomer = (id: string) => api.get('/v1/provider/logins/{id}', { path: { id } });

/** Newest first. */
export async function readTimeline(id: string, before: string | null, signal?: AbortSignal): Promise<Page<Schemas['Activity']>> {
  const answer = await api.get('/v1/provider/logins/{id}/activity', { path: { id }, ...(before && { query: { before } }), ...(signal && { signal }) });
  return { items: answer.activities, next: answer.before };
}

/** To the address that the login has; the link before it works no more. */
export const inviteAgain = (id: string) => api.post('/v1/provider/logins/{id}/invitation', { path: { id } });

/** The customer is told the reason, and every session of the login ends. */
export const turnOffTwoFactor = (id: string, reason: string) => api.post('/v1/provider/logins/{id}/disable-two-factor', { path: { id }, body: { reason } });

/** Newest first. */
export async function listAccounts(cursor: string | null, signal?: AbortSignal): Promise<Page<Account>> {
  const answer = await api.get('/v1/provider/accounts', { ...(cursor && { query: { cursor } }), ...(signal && { signal }) });
  return { items: answer.accounts, next: answer.cursor };
}

/** The owner is invited by email to choose a password. */
export const addAccount = (body: BodyOf<'post', '/v1/provider/accounts'>) => api.post('/v1/provider/accounts', { body });

export const readPolicy = () => api.get('/v1/provider/policy');
export const writePolicy = (policy: Policy) => api.put('/v1/provider/policy', { body: policy });

export const readStaffBrand = () => api.get('/v1/provider/brand');
export const writeStaffBrand = (brand: StaffBrand) => api.put('/v1/provider/brand', { body: brand });
