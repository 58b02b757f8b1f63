import { Refusal } from '@latchkey/contracts';
import { z } from 'zod';

/** Where a page of a list ended, opaque to clients. */
export const writeCursor = (place: readonly string[]): string => Buffer.from(JSON.stringify(place)).toString('base64url');

/** Refuses with `invalid_request` what is no cursor of ours. */
export function readCursor(cursor: string | null, length: number): string[] | null {
  if (cursor === null) return null;
  try {
    return z.array(z.string().max(300)).length(length).parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    throw new Refusal('invalid_request', { issues: [{ path: 'cursor', message: 'is not one that was given' }] });
  }
}
