/**
 * The hash tag keeps everything of one login in one slot, so that a script may touch it together on a Redis Cluster.
 *
 * Fields of an attempt: `expiresAt` (ms), `tries`, `sends`, `used` (id of the request whose code was right), `usedMethod`,
 * and for each method that a code was made for `codeHmac:<method>`, `sealedCode:<method>`, of its latest send `sentAt:`,
 * `number:` and `request:<method>`, for a text `prefix:<method>`, how its number begins, and of every send
 * `message:<method>:<number>`, the id of its message.
 */
export const attemptKey = (loginId: string, attemptId: string): string => `code:{${loginId}}:${attemptId}`;
/** Wrong tries of a login in a row, over all its attempts. */
export const failuresKey = (loginId: string): string => `code-failures:{${loginId}}`;
/**
 * Failures in a row of each method of a login, over all attempts; a method that reaches the limit is off (norm 7). These do
 * not expire, so the cache has to persist (`appendonly`) and evict nothing, as the other limits ask for too. A cache that
 * lost everything would give each method its hundred tries anew, behind the same growing waits.
 */
export const methodFailuresKey = (loginId: string): string => `code-method-failures:{${loginId}}`;
