import type { AddMethodAnswer, AddMethodRequest, TwoFactorSettings } from '@latchkey/contracts';
import { call } from './client.ts';

export type Method = TwoFactorSettings['methods'][number];

export const readTwoFactor = () => call<TwoFactorSettings>('GET', '/two-factor');
export const addMethod = (method: AddMethodRequest) => call<AddMethodAnswer>('POST', '/two-factor/methods', method);

/** The method counts from now on, and every session is ended, this one too. */
export const confirmMethod = (id: string, code: string) =>
  call<{ enabled: true; recoveryCodes?: string[] }>('POST', `/two-factor/methods/${id}/confirm`, { code });

export const makeDefault = (methodId: string) => call('PUT', '/two-factor/default-method', { methodId });
export const removeMethod = (id: string, password: string) =>
  call('DELETE', `/two-factor/methods/${id}`, { password });
export const disableTwoFactor = (password: string) => call('POST', '/two-factor/disable', { password });
