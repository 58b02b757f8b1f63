import { createHash, randomBytes } from 'node:crypto';

/** Digits and letters without the ones that are taken for others (Crockford's base 32). */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const bytesOfCode = 10;
const typedCode = new RegExp(`^[${alphabet}]{${(bytesOfCode * 8) / 5}}$`);

/** 80 random bits in four groups of four, such as `7k2m-x9qd-04tn-h6wz`. */
export function newRecoveryCode(): string {
  // 256 is a multiple of 32: the low five bits of a byte are uniformly distributed.
  const characters = Array.from(randomBytes((bytesOfCode * 8) / 5), (byte) => alphabet.charAt(byte % 32)).join('');
  return characters.replace(/.{4}(?!$)/g, '$&-');
}

/** What was meant by what was typed, without groups, case and look-alikes; null for what can't be a code. */
export function readRecoveryCode(typed: string): string | null {
  const read = typed
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{Pd}]/gu, '')
    .replaceAll('o', '0')
    .replace(/[il]/g, '1');
  return typedCode.test(read) ? read : null;
}

/**
 * How a recovery code rests, bound to its set. A fast hash is enough: a slow one makes up for what people choose, and
 * nobody finds 80 random bits by trying, at any speed. No key, since keys are rotated and a hash can't be made anew.
 */
export const recoveryCodeHash = (setId: string, code: string): string => createHash('sha256').update(`${setId}\0${code}`).digest('base64url');
