import { z } from 'zod';
import { errorCodes, type ErrorCode } from '../errors.ts';

/** RFC 9457 problem details, the body of every answer of 400 and above. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]),
    detail: z.string().optional(),
    attemptsLeft: z.int().optional(),
    retryAfterSeconds: z.int().optional(),
    issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    provider: z.object({ name: z.string(), phone: z.string().nullable(), email: z.string().nullable() }).optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problem>;
