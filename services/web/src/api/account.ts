import { api } from './client.ts';

export const listLogins = () => api.get('/v1/account/logins');

/** An invitation to choose a password goes to the address. */
export const addLogin = (loginName: string, emailAddress: string) => api.post('/v1/account/logins', { body: { loginName, emailAddress } });
/** The link before it works no more. */
export const inviteAgain = (id: string) => api.post('/v1/account/logins/{id}/invitation', { path: { id } });
export const removeLogin = (id: string) => api.delete('/v1/account/logins/{id}', { path: { id } });
