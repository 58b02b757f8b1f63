import { hash, randomBytes } from 'node:crypto';

/** A bearer secret: 256 random bits, base64url (43 characters). Only its hash is ever stored. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** SHA-256 of a secret, base64url. A fast hash is enough for 256 random bits. */
export const hashSecret = (secret: string): string => hash('sha256', secret, 'base64url');
