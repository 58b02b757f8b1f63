import type { Session } from '@latchkey/contracts';
import { call } from './client.ts';

export const sessionPath = '/session';
export const readSession = () => call<Session>('GET', sessionPath);
export const signOut = () => call('POST', '/logout');
