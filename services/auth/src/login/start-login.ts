import { type EventPayload, Refusal, type RequestPayload, type RequestReply } from '@latchkey/contracts';
import { OutboxRelay, Requester } from '@latchkey/messaging';
import { SealingKeys } from '@latchkey/platform';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { byAttempt, TellFacts } from '../activity/facts.ts';
import { BeginAttempt } from '../attempts/begin-attempt.ts';
import { FindLogin, type Login } from '../logins/find-login.ts';
import { loginNameKey } from '../logins/login-name.ts';
import { Notify } from '../notices/notify.ts';
import { LimitFailures } from '../passwords/limit-failures.ts';
import { LimitForgotten } from '../passwords/limit-forgotten.ts';
import { Passwords } from '../passwords/passwords.ts';
import { RehashPassword } from '../passwords/rehash-password.ts';
import { StandInHashes } from '../passwords/stand-in-hashes.ts';
import { askServiceProvider } from '../provider/ask-provider.ts';
import { mayTrustDevices } from '../sessions/create-session.ts';
import { SignIn } from './sign-in.ts';

type Start = RequestPayload<'login.start'>;
type Reason = EventPayload<'login.refused'>['reason'];

/** Name and password, then the device, then a code: signed in at once, or a code is on its way. */
@Injectable()
export class StartLogin {
  constructor(
    private readonly failures: LimitFailures,
    private readonly sealing: SealingKeys,
    private readonly findLogin: FindLogin,
    private readonly passwords: Passwords,
    private readonly standIns: StandInHashes,
    private readonly rehashPassword: RehashPassword,
    private readonly requester: Requester,
    private readonly signIn: SignIn,
    private readonly beginAttempt: BeginAttempt,
    private readonly facts: TellFacts,
    private readonly notify: Notify,
    private readonly limitForgotten: LimitForgotten,
    private readonly database: DataSource,
    private readonly relay: OutboxRelay,
  ) {}

  async start(request: Start): Promise<RequestReply<'login.start'>> {
    const { login, password, passwordHash } = await this.loginWithRightPassword(request);
    // Nothing of what follows waits for these.
    const [reply] = await Promise.all([
      this.letIn(login, request),
      this.failures.forgive(loginNameKey(request.loginName), request.device.ip),
      this.rehashPassword.whenOutdated(login.id, password, passwordHash),
    ]);
    return reply;
  }

  private async letIn(login: Login, request: Start): Promise<RequestReply<'login.start'>> {
    if (login.newPasswordRequired) return this.askForNewPassword(login, request);
    const { device, locale, attemptId, attemptHash, sessionHash } = request;
    const { client, ip } = device;

    if (login.methods.length === 0) {
      const entered = await this.requester.request('device.enter', { loginId: login.id, trustEpoch: login.trustEpoch, device, trust: false });
      return { status: 'signed_in', ...(await this.signIn.signIn({ login, proof: { by: 'password' }, entered, sessionHash, client, ip, attemptId, locale })) };
    }

    if (device.presented && mayTrustDevices(login)) {
      const entered = await this.requester.request('device.enter-trusted', { loginId: login.id, trustEpoch: login.trustEpoch, device });
      if (entered.trusted) return { status: 'signed_in', ...(await this.signIn.signIn({ login, proof: { by: 'trusted_device' }, entered, sessionHash, client, ip, attemptId, locale })) };
    }

    const begun = await this.beginAttempt.begin(attemptHash, ip, { attemptId, purpose: 'login', login, client, deviceName: device.name, locale, sessionHash: null });
    return { status: 'code_required', ...begun };
  }

  /** Says the same after the same time, whether the name is unknown or the password wrong (norm 17). */
  private async loginWithRightPassword(request: Start): Promise<{ login: Login; password: string; passwordHash: string }> {
    const { loginName, sealedPassword, device } = request;
    this.passwords.refuseWhenBusy();
    const name = loginNameKey(loginName);
    // The login is read meanwhile: what is refused for its failures has cost a read and no hash.
    const [password, found] = await Promise.all([this.sealing.open('password', sealedPassword), this.findLogin.byName(loginName), this.failures.countBeforehand(name, device.ip)]);
    const right = await this.passwords.isRight(password, found?.passwordHash, this.standIns.hashFor(name));
    if (!right || !found?.passwordHash) {
      if (found?.passwordHash) this.noteRefusal(found.login, request, 'wrong_password');
      throw new Refusal('invalid_credentials');
    }
    return { login: found.login, password, passwordHash: found.passwordHash };
  }

  /** Nobody waits for it: that would tell a known name from an unknown one. */
  private noteRefusal(login: Login, { attemptId, device }: Start, reason: Reason): void {
    void this.facts.tell('login.refused', login, byAttempt(login, attemptId, device), { reason }).catch(() => undefined);
  }

  /** After "this wasn't me" the password is somebody else's too: only the login's mailbox leads on. */
  private async askForNewPassword(login: Login, request: Start): Promise<never> {
    this.noteRefusal(login, request, 'new_password_required');
    if (!login.email) throw askServiceProvider(login);
    // Limited as forgotten passwords are: each link replaces the one before, and whoever has the password is no friend.
    if (await this.limitForgotten.allowsName(loginNameKey(login.loginName))) {
      await this.database.transaction((executor) => this.notify.newPasswordLink(executor, login, request.device.ip));
      this.relay.kick();
    }
    throw new Refusal('new_password_required');
  }
}
