import { createHmac } from 'node:crypto';
import type { Attempt, Login, Method, MethodKind, Tries } from './state.ts';

const stepSeconds = 30;
export const triesOfACode = 5;
export const sendsOfAnAttempt = 5;
/** Milliseconds between two messages, as the widest limits have it. */
export const resendWaitMs = 3_000;

/** An authenticator's code (RFC 6238: SHA-1, six digits), computed apart from the library that the system uses. */
export function authenticatorCode(secret: string, step: number): string {
  const bits = [...secret.replace(/=+$/, '')].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g)?.map((byte) => parseInt(byte, 2)) ?? []);
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', key).update(counter).digest();
  const at = (mac.at(-1) ?? 0) & 0xf;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** The next step whose code is still good: after the last one used, within the drift; undefined until time has passed. */
export function freshStep({ lastStep }: Pick<Method, 'lastStep'>, now = Date.now()): number | undefined {
  const [step, within] = [Math.floor(now / 1000 / stepSeconds), (now / 1000) % stepSeconds];
  // Near its end the one before would be too old when it arrives.
  const earliest = within > stepSeconds - 5 ? step : step - 1;
  const fresh = Math.max(lastStep + 1, earliest);
  return fresh <= step + 1 ? fresh : undefined;
}

export type Verdict = { is: 'right'; kind: MethodKind | 'recovery_code' } | { is: 'wrong'; attemptsLeft: number } | { is: 'over' };

/** How a typed code has to be judged in an attempt, by the method that the person was asked for; counts the try. */
export function judge(attempt: Attempt, asked: Method | 'recovery_code', typed: string): Verdict {
  const { tries, codes } = attempt;
  if (tries.used || tries.wrong >= triesOfACode) return { is: 'over' };
  if (asked === 'recovery_code') return isFreshRecoveryCode(attempt, typed) ? right(tries, 'recovery_code', () => useRecoveryCode(attempt.login, typed)) : wrong(tries);
  if (asked.kind === 'totp') return judgeAuthenticator(tries, asked, typed);
  if (codes.size === 0) return { is: 'over' };
  for (const [methodId, { code }] of codes) {
    const method = attempt.methods.find(({ id }) => id === methodId);
    if (method && code === typed) return right(tries, method.kind);
  }
  return wrong(tries);
}

export function judgeAuthenticator(tries: Tries, method: Method, typed: string): Verdict {
  const [now, earliest] = [Math.floor(Date.now() / 1000 / stepSeconds), method.lastStep + 1];
  for (let step = Math.max(earliest, now - 1); step <= now + 1; step += 1)
    if (method.secret && authenticatorCode(method.secret, step) === typed) return right(tries, 'totp', () => void (method.lastStep = step));
  return wrong(tries);
}

export function judgeSent(tries: Tries, code: string | undefined, typed: string, kind: MethodKind): Verdict {
  if (tries.used || tries.wrong >= triesOfACode || code === undefined) return { is: 'over' };
  return code === typed ? right(tries, kind) : wrong(tries);
}

function right(tries: Tries, kind: MethodKind | 'recovery_code', use?: () => void): Verdict {
  tries.used = true;
  use?.();
  return { is: 'right', kind };
}

function wrong(tries: Tries): Verdict {
  tries.wrong += 1;
  return { is: 'wrong', attemptsLeft: triesOfACode - tries.wrong };
}

const isFreshRecoveryCode = ({ recovery, login }: Attempt, typed: string): boolean => recovery !== undefined && recovery === login.recovery && recovery.fresh.includes(typed);

function useRecoveryCode({ recovery }: Login, typed: string): void {
  if (!recovery) return;
  recovery.fresh = recovery.fresh.filter((code) => code !== typed);
  recovery.used.push(typed);
}

/** A code that is none of those that are good at the moment. */
export function wrongCode(...good: (string | undefined)[]): string {
  for (let number = 0; ; number += 1) {
    const code = String(number).padStart(6, '0');
    if (!good.includes(code)) return code;
  }
}
