import { api } from './client.ts';

/** The answer is the same whether there is such a login or not. */
export const forgotPassword = (loginName: string) => api.post('/v1/password/forgot', { body: { loginName } });

export const changePassword = (password: string, newPassword: string) => api.post('/v1/password/change', { body: { password, newPassword } });

// What the links in emails lead to. The secret of each is used up by the call, never by opening the page.
export const resetPassword = (token: string, newPassword: string) => api.post('/v1/password/reset', { body: { token, newPassword } });
export const acceptInvitation = (token: string, password: string) => api.post('/v1/invitations/accept', { body: { token, password } });
export const sayNotMe = (token: string) => api.post('/v1/not-me', { body: { token } });
