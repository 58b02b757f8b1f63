/** What a person does; each ends in a checked answer, or it failed. */
export const flowNames = ['text', 'text-new', 'app', 'trusted', 'session', 'forward-auth'] as const;
export type FlowName = (typeof flowNames)[number];

export const flowTitles: Record<FlowName, string> = {
  text: 'login by texted code, delivery included',
  'text-new': 'the same from a new browser, with its notice',
  app: 'login by authenticator app',
  trusted: 'login on a trusted device',
  session: 'session read',
  'forward-auth': 'session check for a gateway',
};
/** Those that judge a password. */
export const withHash: readonly FlowName[] = ['text', 'text-new', 'app', 'trusted'];

export const sides = ['latchkey', 'peer'] as const;
export type Side = (typeof sides)[number];
export const sideTitles: Record<Side, string> = { latchkey: 'Latchkey', peer: 'Better Auth' };

/** `secret`: of the authenticator app, as the bytes of an ASCII text. */
export type Person = { name: string; phoneNumber: string; secret?: string };
/** A group for each flow, so that none wears out what another needs; without one its flows can't be run. */
export type People = Record<'text' | 'new' | 'app' | 'trusted' | 'session', Person[]>;

/**
 * Closed: so many users, each starting anew when it is done. Open: so many starts a second at fixed times, however late
 * the answers are; time counts from when a start was due (no coordinated omission). Counted: one after the other.
 */
export type Load = { kind: 'closed'; users: number; ms: number } | { kind: 'open'; perSecond: number; ms: number } | { kind: 'counted'; flows: number };

export type Outcome = {
  /** Milliseconds of each that ended well after the ramp, also of those that were under way when the time was up. */
  tookMs: number[];
  /** Of those, how many ended before the time was up, and how long that was. */
  inTime: number;
  measuredMs: number;
  /** All that ended well, also outside of what is measured: what the processor time was spent on. */
  completed: number;
  /** How often somebody was told to come back later, waited so long, and came back. */
  deferred: number;
  failures: Record<string, number>;
};

/** Several flows are taken in turn. */
export type Job = { kind: 'introduce'; side: Side; baseUrl: string; people: Partial<People>; password: string } | { kind: 'run'; side: Side; flow: FlowName | FlowName[]; load: Load };
export type Report = { kind: 'ready'; snsUrl: string } | { kind: 'introduced' } | { kind: 'outcome'; outcome: Outcome } | { kind: 'broken'; message: string };
