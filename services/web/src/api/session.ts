import { api } from './client.ts';

export const sessionPath = '/v1/session';
export const readSession = () => api.get(sessionPath);
export const signOut = () => api.post('/v1/logout');
