const versionAt = 14;
const withVersion = (id: string, version: string) => `${id.slice(0, versionAt)}${version}${id.slice(versionAt + 1)}`;

/**
 * The attempt of the code that turns two-factor off, beside the login attempt that it is asked for in: another attempt to
 * code-issuance, so that neither code does what the other is for, and found from that one's id by whoever tells its story.
 * It is the same UUID with version 8, which is free for such use (RFC 9562 5.8), in place of 7.
 */
export const resetAttemptIdOf = (attemptId: string): string => withVersion(attemptId, '8');

/** Whose story an attempt belongs to: its own, or that of the login attempt that a reset was asked for in. */
export const storyOf = (attemptId: string): string => (attemptId.charAt(versionAt) === '8' ? withVersion(attemptId, '7') : attemptId);
