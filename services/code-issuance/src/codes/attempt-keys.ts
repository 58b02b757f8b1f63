/** The hash tag keeps everything of one login in one slot, so that a script may touch it together on a Redis Cluster. */
export const attemptKey = (loginId: string, attemptId: string): string => `code:{${loginId}}:${attemptId}`;
export const failuresKey = (loginId: string): string => `code-failures:{${loginId}}`;
export const sendsKey = (loginId: string): string => `code-sends:{${loginId}}`;
