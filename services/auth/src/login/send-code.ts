import type { RequestPayload, RequestReply } from '@latchkey/contracts';
import { Injectable } from '@nestjs/common';
import { AttemptStore, methodOf } from '../attempts/attempt-store.ts';
import { RequestCode } from '../attempts/request-code.ts';

/** Sends the attempt's code again, or by another method of the login. */
@Injectable()
export class SendCode {
  constructor(
    private readonly attempts: AttemptStore,
    private readonly requestCode: RequestCode,
  ) {}

  async send({ attemptHash, methodId, ip }: RequestPayload<'login.send-code'>): Promise<RequestReply<'login.send-code'>> {
    const attempt = await this.attempts.require(attemptHash);
    await this.attempts.refuseOver(attemptHash, attempt);
    const sent = await this.requestCode.send({ ...attempt, method: methodOf(attempt, methodId), ip });
    if (sent) await this.attempts.noteQueued(attemptHash, attempt, methodId);
    return { sent };
  }
}
