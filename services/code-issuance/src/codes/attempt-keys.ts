/**
 * The hash tag keeps everything of one login in one slot, so that a script may touch it together on a Redis Cluster.
 *
 * Fields of an attempt: `expiresAt` (ms), `tries`, `sends`, `used` (id of the request whose code was right), `usedMethod`,
 * and for each method that a code was made for `codeHmac:<method>`, `sealedCode:<method>`, of its latest send `sentAt:`,
 * `number:` and `request:<method>`, and of every send `message:<method>:<number>`, the id of its message.
 */
export const attemptKey = (loginId: string, attemptId: string): string => `code:{${loginId}}:${attemptId}`;
/** Wrong tries of a login in a row, over all its attempts. */
export const failuresKey = (loginId: string): string => `code-failures:{${loginId}}`;
