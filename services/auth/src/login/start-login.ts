import { type EnteredDevice, Refusal, type RequestPayload, type RequestReply } from '@latchkey/contracts';
import { Requester } from '@latchkey/messaging';
import { SealingKeys } from '@latchkey/platform';
import { Injectable } from '@nestjs/common';
import { BeginAttempt } from '../attempts/begin-attempt.ts';
import { FindLogin, type Login } from '../logins/find-login.ts';
import { loginNameKey } from '../logins/login-name.ts';
import { LimitFailures } from '../passwords/limit-failures.ts';
import { Passwords } from '../passwords/passwords.ts';
import { CreateSession, mayTrustDevices, type Proof } from '../sessions/create-session.ts';
import { presentSession } from '../sessions/present-session.ts';

type Start = RequestPayload<'login.start'>;

/** Name and password, then the device, then a code: signed in at once, or a code is on its way. */
@Injectable()
export class StartLogin {
  constructor(
    private readonly failures: LimitFailures,
    private readonly sealing: SealingKeys,
    private readonly findLogin: FindLogin,
    private readonly passwords: Passwords,
    private readonly requester: Requester,
    private readonly createSession: CreateSession,
    private readonly beginAttempt: BeginAttempt,
  ) {}

  async start(request: Start): Promise<RequestReply<'login.start'>> {
    const login = await this.loginWithRightPassword(request);
    const { device, locale, attemptId, attemptHash } = request;

    if (login.methods.length === 0) {
      const entered = await this.requester.request('device.enter', { loginId: login.id, trustEpoch: login.trustEpoch, device, trust: false });
      return this.signIn(login, request, entered, { by: 'password' });
    }

    if (device.presented && mayTrustDevices(login)) {
      const entered = await this.requester.request('device.enter-trusted', { loginId: login.id, trustEpoch: login.trustEpoch, device });
      if (entered.trusted) return this.signIn(login, request, entered, { by: 'trusted_device' });
    }

    const begun = await this.beginAttempt.begin(attemptHash, device.ip, {
      attemptId,
      purpose: 'login',
      login,
      client: device.client,
      deviceName: device.name,
      locale,
      sessionHash: null,
    });
    return { status: 'code_required', ...begun };
  }

  /** Says the same after the same time, whether the name is unknown or the password wrong (norm 17). */
  private async loginWithRightPassword({ loginName, sealedPassword, device }: Start): Promise<Login> {
    this.passwords.refuseWhenBusy();
    const name = loginNameKey(loginName);
    await this.failures.countBeforehand(name, device.ip);
    const [password, found] = await Promise.all([this.sealing.open('password', sealedPassword), this.findLogin.byName(loginName)]);
    const right = await this.passwords.isRight(password, found?.passwordHash);
    if (!right || !found) throw new Refusal('invalid_credentials');
    await this.failures.forgive(name, device.ip);
    return found.login;
  }

  private async signIn(login: Login, { sessionHash, device }: Start, entered: EnteredDevice, proof: Proof): Promise<RequestReply<'login.start'>> {
    const session = await this.createSession.create({ login, proof, entered, sessionHash, client: device.client, ip: device.ip });
    return { status: 'signed_in', session: presentSession(session), browserId: entered.browserId };
  }
}
