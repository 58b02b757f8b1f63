import type { EnteredDevice, RequestReply } from '@latchkey/contracts';
import { type OutboxExecutor, OutboxRelay, Requester } from '@latchkey/messaging';
import { crashPoint } from '@latchkey/platform';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { TellFacts } from '../activity/facts.ts';
import type { Login } from '../logins/find-login.ts';
import { Notify } from '../notices/notify.ts';
import { TellOnce } from '../notices/tell-once.ts';
import { CreateSession, type Proof } from '../sessions/create-session.ts';
import { PresentSession } from '../sessions/present-session.ts';

type SigningIn = { login: Login; proof: Proof; entered: EnteredDevice; sessionHash: string; client: 'web' | 'app'; ip: string; attemptId: string; locale: string };
type SignedIn = { session: Omit<RequestReply<'session.get'>, 'accountId'>; browserId: string };

/** The last step of every login: a session, a line in the timeline, and a notice where the device is new. */
@Injectable()
export class SignIn {
  constructor(
    private readonly createSession: CreateSession,
    private readonly presentSession: PresentSession,
    private readonly facts: TellFacts,
    private readonly notify: Notify,
    private readonly tellOnce: TellOnce,
    private readonly requester: Requester,
    private readonly database: DataSource,
    private readonly relay: OutboxRelay,
  ) {}

  async signIn({ login, proof, entered, sessionHash, client, ip, attemptId, locale }: SigningIn): Promise<SignedIn> {
    const session = await this.createSession.create({ login, proof, entered, sessionHash, client, ip });
    crashPoint('auth.session-stored');
    const { id, name } = entered.device;
    const doing = { by: { kind: 'self', loginId: login.id, name: login.loginName }, device: { id, name }, ip, attemptId } as const;
    await Promise.all([
      this.facts.tell('login.signed-in', login, doing, { sessionId: session.id, assurance: session.assurance, newDevice: entered.newDevice }, session.createdAt),
      // A login that is delivered again after a crash finds its device as new as before: told if the crash came before that.
      (entered.newDevice || byRecoveryCode(proof)) && this.tellOnce.tell(() => this.tellPerson({ ...login, locale }, proof, entered, doing)),
      // The language that the person used last is the one of notices.
      locale !== login.locale && this.database.query('UPDATE logins SET locale = $2 WHERE id = $1', [login.id, locale]),
    ]);
    return { session: await this.presentSession.present(session), browserId: entered.browserId };
  }

  private async tellPerson(login: Login, proof: Proof, entered: EnteredDevice, doing: Parameters<Notify['deed']>[3]): Promise<void> {
    const left = byRecoveryCode(proof) && login.recoverySetId ? (await this.requester.request('recovery-codes.left', { loginId: login.id, setId: login.recoverySetId })).left : 0;
    const tell = async (executor: OutboxExecutor) => {
      if (entered.newDevice) await this.notify.deed(executor, 'new_device', login, doing, {});
      if (byRecoveryCode(proof)) await this.notify.deed(executor, 'recovery_code_used', login, doing, { left });
    };
    await (entered.newDevice && byRecoveryCode(proof) ? this.database.transaction(tell) : tell(this.database));
    this.relay.kick();
  }
}

const byRecoveryCode = (proof: Proof): boolean => proof.by === 'code' && proof.kind === 'recovery_code';
