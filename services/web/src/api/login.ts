import type { Schemas } from '@latchkey/client';
import { api } from './client.ts';

export type CodeRequired = Schemas['CodeRequired'];
export type MethodChoice = CodeRequired['methods'][number];

/** Name and password; the answer is a session, or the question for a code. */
export const startLogin = (loginName: string, password: string) => api.post('/v1/login', { body: { loginName, password } });

/** Sends the attempt's code by a method: again, or by another one. `sent` is null where nothing has to be sent. */
export const sendCode = (attempt: string, methodId: string) => api.post('/v1/login/send-code', { body: { attempt, methodId } });

export const verifyCode = (attempt: string, methodId: string, code: string) => api.post('/v1/login/verify-code', { body: { attempt, methodId, code } });

/** Asks for a code for the session at hand, where it was made without one. */
export const startStepUp = () => api.post('/v1/session/step-up');

/** Has a code sent to the mailbox of the login itself, by which two-factor is turned off; refused where that is no second way. */
export const startReset = (attempt: string) => api.post('/v1/login/reset-two-factor', { body: { attempt } });
export const confirmReset = (attempt: string, code: string) => api.post('/v1/login/reset-two-factor/confirm', { body: { attempt, code } });
