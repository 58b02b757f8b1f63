import { type MethodKind, Refusal, type RequestPayload, type RequestReply } from '@latchkey/contracts';
import { OutboxRelay, Requester } from '@latchkey/messaging';
import { type Clock, type RedisClient } from '@latchkey/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Doing, TellFacts } from '../activity/facts.ts';
import { CLOCK, REDIS } from '../injected.ts';
import type { Login } from '../logins/find-login.ts';
import { Notify } from '../notices/notify.ts';

type Judged = { login: Login; attemptId: string; method: { id: string; kind: MethodKind; hint: string }; sealedCode: string; doing: Doing };
const notedReasons = ['wrong_code', 'code_expired', 'attempt_over', 'locked'] as const;

/** Has a typed code judged by code-issuance. A refused one stands in the timeline, and a lock is told to the login once. */
@Injectable()
export class JudgeCode {
  constructor(
    private readonly requester: Requester,
    private readonly facts: TellFacts,
    private readonly notify: Notify,
    @Inject(REDIS) private readonly redis: RedisClient,
    private readonly database: DataSource,
    private readonly relay: OutboxRelay,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async judge({ login, attemptId, method: { id, kind, hint }, sealedCode, doing }: Judged): Promise<RequestReply<'code.verify'>> {
    const asked: RequestPayload<'code.verify'> = { attemptId, loginId: login.id, methodId: id, kind, sealedCode };
    try {
      return await this.requester.request('code.verify', asked);
    } catch (error) {
      if (error instanceof Refusal) await this.note(error, login, { kind, hint }, doing);
      throw error;
    }
  }

  private async note({ code, details }: Refusal, login: Login, method: { kind: MethodKind; hint: string }, doing: Doing): Promise<void> {
    const reason = notedReasons.find((noted) => noted === code);
    if (!reason) return;
    const { attemptsLeft, retryAfterSeconds } = details;
    await this.facts.tell('login.code-refused', login, doing, { method, reason, ...(attemptsLeft !== undefined && { attemptsLeft }) });
    if (reason === 'locked' && retryAfterSeconds !== undefined) await this.tellLocked(login, doing, retryAfterSeconds);
  }

  private async tellLocked(login: Login, doing: Doing, seconds: number): Promise<void> {
    const first = await this.redis.set(`lock-told:${login.id}`, '1', 'EX', Math.max(1, Math.ceil(seconds)), 'NX');
    if (first === null) return;
    const until = new Date(this.clock.now().getTime() + seconds * 1000).toISOString();
    await this.notify.deed(this.database, 'codes_locked', login, doing, { until });
    this.relay.kick();
  }
}
