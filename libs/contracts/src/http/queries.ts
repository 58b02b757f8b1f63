import { z } from 'zod';
import { moment } from '../primitives.ts';

// A parameter that is there twice, or that nobody knows, is an error as a field of a body is.
const cursor = z.string().regex(/^[\x21-\x7e]{1,400}$/, 'not a cursor').optional().describe('The `cursor` of the page before');
/** What somebody types into a search box. */
const search = z.string().max(254).refine((text) => !/\p{Cc}/u.test(text), 'must not contain control characters').default('').describe('Part of a login name or of the name of an account');

export const beforeQuery = z.strictObject({ before: moment.optional().describe('The `before` of the page that is shown: what is older') });
export const cursorQuery = z.strictObject({ cursor });
export const searchQuery = z.strictObject({ query: search, cursor });
