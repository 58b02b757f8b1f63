/** Requests that are sent in turn, over and over, to one address. */
export interface Plan {
  baseUrl: string;
  requests: readonly { method: string; path: string; headers?: Record<string, string>; body?: unknown }[];
  /**
   * Closed: so many users, each sending its next request once the last one was answered. Open: so many requests a second
   * at fixed times, however late the answers are; a request's time counts from when it was due, so that a slow answer also
   * counts against those that had to wait behind it (no coordinated omission).
   */
  load: { kind: 'closed'; users: number } | { kind: 'open'; perSecond: number };
  ms: number;
}

/** Status 0: no answer at all. */
export type Answer = { status: number; tookMs: number; retryAfter: number };
