import type { LoginAnswer, Sent, VerifyCodeAnswer } from '@latchkey/contracts';
import { call } from './client.ts';

export type CodeRequired = Extract<LoginAnswer, { status: 'code_required' }>;
export type MethodChoice = CodeRequired['methods'][number];

/** Name and password; the answer is a session, or the question for a code. */
export const startLogin = (loginName: string, password: string) =>
  call<LoginAnswer>('POST', '/login', { loginName, password });

/** Sends the attempt's code by a method: again, or by another one. `sent` is null where nothing has to be sent. */
export const sendCode = (attempt: string, methodId: string) =>
  call<{ sent: Sent | null }>('POST', '/login/send-code', { attempt, methodId });

export const verifyCode = (attempt: string, methodId: string, code: string) =>
  call<VerifyCodeAnswer>('POST', '/login/verify-code', { attempt, methodId, code });

/** Asks for a code for the session at hand, where it was made without one. */
export const startStepUp = () => call<Omit<CodeRequired, 'status'>>('POST', '/session/step-up');
