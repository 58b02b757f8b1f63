import type { BodyOf, Schemas } from '@latchkey/client';
import { api } from './client.ts';

export type Method = Schemas['TwoFactorSettings']['methods'][number];

export const readTwoFactor = () => api.get('/v1/two-factor');
export const addMethod = (body: BodyOf<'post', '/v1/two-factor/methods'>) => api.post('/v1/two-factor/methods', { body });

/** The method counts from now on, and every session is ended, this one too. */
export const confirmMethod = (id: string, code: string) => api.post('/v1/two-factor/methods/{id}/confirm', { path: { id }, body: { code } });

export const makeDefault = (methodId: string) => api.put('/v1/two-factor/default-method', { body: { methodId } });
export const removeMethod = (id: string, password: string) => api.delete('/v1/two-factor/methods/{id}', { path: { id }, body: { password } });
export const disableTwoFactor = (password: string) => api.post('/v1/two-factor/disable', { body: { password } });

/** Clears methods and trusted devices; allowed under every policy, for set-up comes next. */
export const resetTwoFactor = (password: string) => api.post('/v1/two-factor/reset', { body: { password } });

/** The old codes stop working; the new ones are shown this once. */
export const makeRecoveryCodes = (password: string) => api.post('/v1/two-factor/recovery-codes', { body: { password } });
