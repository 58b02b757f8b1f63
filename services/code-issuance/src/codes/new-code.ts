import { createHmac, type KeyObject, randomInt } from 'node:crypto';

/** Six decimal digits, uniformly distributed, leading zeros kept (NIST SP 800-63B-4 3.1.3.2). */
export const newCode = (): string => String(randomInt(1_000_000)).padStart(6, '0');

/** How a code rests: an HMAC bound to its attempt, so that it is good for no other (ASVS 6.6.2). */
export const codeHmacOf = (key: KeyObject, attemptId: string, code: string): string => createHmac('sha256', key).update(`${attemptId}\0${code}`).digest('base64url');
