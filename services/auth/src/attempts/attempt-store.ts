import { randomUUIDv7 } from 'node:crypto';
import { type CodePurpose, type MethodKind, Refusal } from '@latchkey/contracts';
import { currentMessageContext, currentTraceHeaders, linkTrace, type TraceHeaders } from '@latchkey/messaging';
import { type Clock, type RedisClient } from '@latchkey/platform';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, REDIS } from '../injected.ts';
import { FindLogin, type Login, type Method } from '../logins/find-login.ts';
import { SessionStore } from '../sessions/session-store.ts';

/** A right password that waits for its code. It holds the login as it was: whatever changes that login ends it by the epochs. */
export type Attempt = {
  attemptId: string;
  purpose: Extract<CodePurpose, 'login' | 'step_up'>;
  login: Login;
  client: 'web' | 'app';
  deviceName: string;
  locale: string;
  /** The session that a step-up raises; null for a login. */
  sessionHash: string | null;
  /** The attempt of the code that turns two-factor off (rule 11): that code does nothing else, and no other one does it. */
  resetAttemptId: string;
  /** What was handed to the queue so far. */
  queued: { methodId: string; at: string }[];
  expiresAt: string;
  /** Where it began, for whoever looks at what was done with its code. */
  trace?: TraceHeaders;
};

// Longer than a code lives, so that a code typed too late is told to be expired and not the attempt to be over.
const lifeSeconds = 15 * 60;

const keyOf = (attemptHash: string) => `attempt:${attemptHash}`;
const usedKeyOf = (attemptHash: string) => `attempt-used:${attemptHash}`;

/** Attempts in Redis, found by the hash of the secret that the browser holds. */
@Injectable()
export class AttemptStore {
  constructor(
    @Inject(REDIS) private readonly redis: RedisClient,
    private readonly findLogin: FindLogin,
    private readonly sessions: SessionStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async create(attemptHash: string, attempt: Omit<Attempt, 'expiresAt' | 'trace'>): Promise<void> {
    const expiresAt = new Date(this.clock.now().getTime() + lifeSeconds * 1000).toISOString();
    const trace = currentTraceHeaders();
    await this.redis.set(keyOf(attemptHash), JSON.stringify({ ...attempt, expiresAt, ...(trace && { trace }) } satisfies Attempt), 'EX', lifeSeconds);
  }

  async require(attemptHash: string): Promise<Attempt> {
    const attempt = parsed(await this.redis.get(keyOf(attemptHash)));
    linkTrace(attempt.trace);
    return attempt;
  }

  /** Refuses also what a change of its login has ended: its device is neither known nor trusted by it. */
  async requireCurrent(attemptHash: string): Promise<Attempt> {
    const attempt = await this.require(attemptHash);
    await this.refuseEnded(attempt);
    return attempt;
  }

  /** Refuses an attempt that a right code or a change of its login has ended: no code goes out for it. */
  async refuseOver(attemptHash: string, attempt: Attempt): Promise<void> {
    const [used] = await Promise.all([this.redis.exists(usedKeyOf(attemptHash)), this.refuseEnded(attempt)]);
    if (used > 0) throw new Refusal('attempt_over');
  }

  /**
   * Uses the attempt up: of many requests at once only one does. Delivered again after a crash, the same request may go on
   * where it was; then it gives true.
   */
  async use(attemptHash: string): Promise<boolean> {
    const request = currentMessageContext()?.messageId ?? randomUUIDv7();
    const usedBy = await this.redis.set(usedKeyOf(attemptHash), request, 'EX', lifeSeconds, 'NX', 'GET');
    if (usedBy !== null && usedBy !== request) throw new Refusal('attempt_over');
    return usedBy !== null;
  }

  /** Notes what was queued; an attempt that expired meanwhile does not come back by it. */
  async noteQueued(attemptHash: string, attempt: Attempt, methodId: string): Promise<void> {
    const queued = [...attempt.queued, { methodId, at: this.clock.now().toISOString() }];
    await this.redis.set(keyOf(attemptHash), JSON.stringify({ ...attempt, queued }), 'KEEPTTL', 'XX');
  }

  private async refuseEnded({ login, sessionHash }: Attempt): Promise<void> {
    const [now, session] = await Promise.all([this.findLogin.byId(login.id), sessionHash === null ? undefined : this.sessions.find(sessionHash)]);
    if (sessionHash !== null && !session) throw new Refusal('not_signed_in');
    if (now?.login.sessionEpoch !== login.sessionEpoch) throw new Refusal('attempt_over');
  }
}

/** A method that a code can be of; recovery codes are always the last resort. */
export type AttemptMethod = Omit<Method, 'kind'> & { kind: MethodKind };

export const methodsOf = ({ methods, recoverySetId }: Login): AttemptMethod[] => [
  ...methods,
  ...(recoverySetId === null ? [] : [{ id: recoverySetId, kind: 'recovery_code' as const, sealedDestination: null, hint: '', default: false }]),
];

/** A method of the attempt; an id of anything else is not found. */
export function methodOf({ login }: Pick<Attempt, 'login'>, methodId: string): AttemptMethod {
  const method = methodsOf(login).find(({ id }) => id === methodId);
  if (!method) throw new Refusal('not_found');
  return method;
}

function parsed(text: string | null): Attempt {
  if (text === null) throw new Refusal('attempt_over');
  return JSON.parse(text) as Attempt;
}
