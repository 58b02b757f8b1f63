import { Refusal, type RequestPayload, type RequestReply } from '@latchkey/contracts';
import { Requester } from '@latchkey/messaging';
import { Injectable } from '@nestjs/common';
import { byAttempt, type Doing } from '../activity/facts.ts';
import { type Attempt, AttemptStore } from '../attempts/attempt-store.ts';
import { RequestCode } from '../attempts/request-code.ts';
import { type Epochs, LoginMovedOn } from '../logins/change-login.ts';
import { FindLogin, type Login } from '../logins/find-login.ts';
import { askServiceProvider } from '../provider/ask-provider.ts';
import { TurnOff } from '../two-factor/turn-off.ts';
import { JudgeCode } from './judge-code.ts';
import { SignIn } from './sign-in.ts';

/**
 * Help for who has the password and not the phone (rule 11): a code to the login's own mailbox turns two-factor off. The
 * password came first, so a mailbox alone is never enough; where email is the only method it would be no second way.
 */
@Injectable()
export class ResetTwoFactor {
  constructor(
    private readonly attempts: AttemptStore,
    private readonly requestCode: RequestCode,
    private readonly judgeCode: JudgeCode,
    private readonly turnOff: TurnOff,
    private readonly findLogin: FindLogin,
    private readonly requester: Requester,
    private readonly signIn: SignIn,
  ) {}

  async sendCode({ attemptHash, ip }: RequestPayload<'login.reset-two-factor'>): Promise<RequestReply<'login.reset-two-factor'>> {
    const attempt = await this.requireLogin(attemptHash);
    await this.attempts.refuseOver(attemptHash, attempt);
    const { login, resetAttemptId, locale } = attempt;
    const method = mailboxOf(login, resetAttemptId);
    const sent = await this.requestCode.send({ attemptId: resetAttemptId, login, method, purpose: 'reset_two_factor', locale, ip });
    if (!sent) throw new Error('a code by email is always sent');
    return { sent };
  }

  async confirm({ attemptHash, sealedCode, sessionHash, device }: RequestPayload<'login.confirm-reset'>): Promise<RequestReply<'login.confirm-reset'>> {
    const { attemptId, resetAttemptId, client, deviceName, locale, ...attempt } = await this.requireLogin(attemptHash);
    // Told in the language of the person who does it, which may be another one than at the last login.
    const login = { ...attempt.login, locale };
    const doing = byAttempt(login, attemptId, { name: deviceName, ip: device.ip });
    await this.judgeCode.judge({ login, attemptId: resetAttemptId, method: mailboxOf(login, resetAttemptId), sealedCode, doing });
    const usedBefore = await this.attempts.use(attemptHash);
    const { trustEpoch, sessionEpoch } = await this.turnOffOnce(login, doing, usedBefore);
    const now = { ...login, methods: [], recoverySetId: null, trustEpoch, sessionEpoch };
    const entered = await this.requester.request('device.enter', { loginId: login.id, trustEpoch, device: { ...device, client, name: deviceName }, trust: false });
    return this.signIn.signIn({ login: { ...now, locale: attempt.login.locale }, proof: { by: 'code', kind: 'email' }, entered, sessionHash, client, ip: device.ip, attemptId, locale });
  }

  /** A password that was right before the login changed (a new one, "this wasn't me") turns nothing off any more. */
  private async turnOffOnce(login: Login, doing: Doing, usedBefore: boolean): Promise<Epochs> {
    try {
      return await this.turnOff.turnOff(login, { how: 'reset_by_email', doing, sessions: { staying: 'none' } });
    } catch (error) {
      if (!(error instanceof LoginMovedOn)) throw error;
      const now = (await this.findLogin.byId(login.id))?.login;
      // One change later two-factor is off: this very request did it, and did not live to go on.
      const isDone = usedBefore && now?.methods.length === 0 && now.sessionEpoch === login.sessionEpoch + 1;
      if (!isDone) throw new Refusal('attempt_over');
      return now;
    }
  }

  /** Only a login is helped this way: a session is there for a step-up already, and resets with its password. */
  private async requireLogin(attemptHash: string): Promise<Attempt> {
    const attempt = await this.attempts.require(attemptHash);
    const { login, sessionHash } = attempt;
    if (sessionHash !== null || !login.email || login.methods.every(({ kind }) => kind === 'email')) throw askServiceProvider(login);
    return attempt;
  }
}

const mailboxOf = ({ email }: Attempt['login'], resetAttemptId: string) => ({ id: resetAttemptId, kind: 'email' as const, sealedDestination: email?.sealed ?? null, hint: email?.masked ?? '' });
