import { randomUUIDv7 } from 'node:crypto';
import { type DeviceInput, type DeviceRecord, type EnteredDevice, type EventName, type NoticeIssued, type NoticeKind, Refusal, type RequestName, type RequestPayload, type RequestReply, type ServiceName } from '@latchkey/contracts';
import { AmqpServer, currentMessageContext, Messaging } from '@latchkey/messaging';
import type { Logger, SealingKeys } from '@latchkey/platform';

type Answers = { [N in RequestName]?: (payload: RequestPayload<N>) => Promise<RequestReply<N>> };

/** The code that the services around auth take for right. */
export const rightCode = '428913';
/** The right code for turning two-factor off. */
export const resetCode = '173905';
/** The one recovery code of every set. */
export const recoveryCode = 'k7mq-x2hd-9wtr-c4vz';

/**
 * The services that auth asks, answering over the real broker by the contracts' rules as far as auth relies on them: a
 * code is right once for its attempt, trust counts in its epoch. Their own rules are tested where they are.
 */
export class OtherServices {
  readonly issued: RequestPayload<'code.issue'>[] = [];
  /** What delivery was asked for an operator. */
  readonly askedOfDelivery: { name: RequestName; payload: unknown }[] = [];
  readonly facts: { name: EventName; payload: unknown }[] = [];
  /** Set to have the next code refused. */
  refuseToIssue: Refusal | undefined;
  /** Set to have codes refused. */
  refuseCodes: Refusal | undefined;
  private readonly recoverySets = new Map<string, string>();
  private readonly rightCodes = new Map<string, string>();
  /** Attempts whose code was right, by which request. */
  private readonly used = new Map<string, string>();
  private readonly devices = new Map<string, { loginId: string; browserId: string; secretHash: string; trustEpoch: number; record: DeviceRecord }>();
  private readonly messagings: Messaging[] = [];

  constructor(
    private readonly url: string,
    private readonly sealing: SealingKeys,
    private readonly logger: Logger,
  ) {}

  async start(): Promise<void> {
    await this.serve(
      'code-issuance',
      {
        'code.issue': async (payload) => {
          if (this.refuseToIssue) throw this.refuseToIssue;
          this.rightCodes.set(payload.attemptId, payload.purpose === 'reset_two_factor' ? resetCode : rightCode);
          this.issued.push(payload);
          const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();
          return { sent: { methodId: payload.methodId, state: 'queued', expiresAt: inSeconds(600), resendAt: inSeconds(30), sendsLeft: 4 } };
        },
        'code.verify': async ({ attemptId, methodId, kind, sealedCode }) => {
          if (this.refuseCodes) throw this.refuseCodes;
          const right = kind === 'totp' ? rightCode : kind === 'recovery_code' ? (this.recoverySets.has(methodId) ? recoveryCode : undefined) : this.rightCodes.get(attemptId);
          const typed = await this.sealing.open('typed-code', sealedCode);
          // The same request once more, after a crash of who asked, is answered alike.
          const request = currentMessageContext()?.causationId ?? '';
          const usedBy = this.used.get(attemptId);
          if (right === undefined || (usedBy !== undefined && usedBy !== request)) throw new Refusal('attempt_over');
          if (typed !== right) throw new Refusal('wrong_code', { attemptsLeft: 4 });
          this.used.set(attemptId, request);
          return { verifiedAt: new Date().toISOString(), methodId };
        },
        'authenticator.enrol': async () => ({
          sealedSecret: await this.sealing.seal('authenticator-secret', 'JBSWY3DPEHPK3PXP'),
          sealedOtpauthUri: await this.sealing.seal('otpauth-uri', 'otpauth://totp/x'),
        }),
        'recovery-codes.make': async ({ loginId, setId }) => {
          for (const [earlier, owner] of this.recoverySets) if (owner === loginId) this.recoverySets.delete(earlier);
          this.recoverySets.set(setId, loginId);
          return { sealedRecoveryCodes: await this.sealing.seal('recovery-codes', JSON.stringify([recoveryCode])) };
        },
        'recovery-codes.left': async ({ setId }) => ({ left: this.recoverySets.has(setId) ? 9 : 0 }),
      },
      ['two-factor.methods-removed', 'login.removed'],
    );
    await this.serve(
      'device-trust',
      {
        'device.enter': async ({ loginId, trustEpoch, device, trust }) => this.enter(loginId, trustEpoch, device, trust),
        'device.enter-trusted': async ({ loginId, trustEpoch, device }) => {
          const known = this.presented(loginId, device);
          if (!known?.record.trusted || known.trustEpoch !== trustEpoch) return { trusted: false };
          return { trusted: true, ...this.enter(loginId, trustEpoch, device, false) };
        },
        'device.list': async ({ loginId, trustEpoch }) => ({ devices: this.listOf(loginId, trustEpoch) }),
        'device.trust': async ({ loginId, trustEpoch, deviceIds }) => ({ devices: this.setTrust(loginId, trustEpoch, deviceIds, true) }),
        'device.carry-trust': async ({ loginId, deviceId, fromEpoch, toEpoch }) => {
          const device = this.devices.get(deviceId);
          if (device?.loginId === loginId && device.trustEpoch === fromEpoch) device.trustEpoch = toEpoch;
          return { devices: this.listOf(loginId, toEpoch) };
        },
        'device.forget': async ({ loginId, trustEpoch, deviceIds }) => ({ devices: this.setTrust(loginId, trustEpoch, deviceIds, false) }),
      },
      ['two-factor.disabled', 'password.changed', 'login.not-me', 'login.removed'],
    );
    await this.serve(
      'delivery',
      {
        'delivery.states': async () => ({ states: [] }),
        'delivery.take-receipt': async () => ({}),
        'delivery.providers': async () => ({ providers: [] }),
        ...this.deliveryControls(),
      },
      ['notice.issued.sms', 'notice.issued.email', 'code.issued.sms', 'code.issued.email', 'code.used'],
    );
  }

  /** What the login was told, by kind, channel and the arguments that its person would see. */
  async noticesOf(loginId: string): Promise<{ kind: NoticeKind; to: string; told: Record<string, string> }[]> {
    const notices = this.facts.filter(({ name }) => name.startsWith('notice.')).map(({ payload }) => payload as NoticeIssued);
    const mine = notices.filter((notice) => notice.loginId === loginId);
    return Promise.all(
      mine.map(async ({ kind, sealedDestination, sealedArguments }) => ({
        kind,
        to: await this.sealing.open('destination', sealedDestination),
        told: JSON.parse(await this.sealing.open('notice', sealedArguments)) as Record<string, string>,
      })),
    );
  }

  async stop(): Promise<void> {
    await Promise.all(this.messagings.map((messaging) => messaging.close()));
  }

  private async serve(service: ServiceName, answers: Answers, events: EventName[]): Promise<void> {
    const messaging = new Messaging({ url: this.url, name: service, logger: this.logger });
    this.messagings.push(messaging);
    const server = new AmqpServer({ service, connection: messaging.connection, publisher: messaging.publisher, logger: this.logger });
    for (const [name, answer] of Object.entries(answers)) server.addHandler(name, answer as (payload: unknown) => Promise<unknown>);
    for (const name of events) server.addHandler(name, async (payload: unknown) => void this.facts.push({ name, payload }), true);
    await new Promise<void>((resolve, reject) => server.listen((error) => (error ? reject(error as Error) : resolve())));
  }

  private presented(loginId: string, { presented }: DeviceInput) {
    return [...this.devices.values()].find((device) => device.loginId === loginId && device.browserId === presented?.browserId && device.secretHash === presented.secretHash);
  }

  private enter(loginId: string, trustEpoch: number, device: DeviceInput, trust: boolean): EnteredDevice {
    // A request delivered again comes with the secrets it came with before.
    const known = this.presented(loginId, device) ?? [...this.devices.values()].find((entered) => entered.loginId === loginId && entered.browserId === device.next.browserId);
    const now = new Date().toISOString();
    const trusted = trust || (known?.record.trusted === true && known.trustEpoch === trustEpoch);
    const record: DeviceRecord = {
      id: known?.record.id ?? randomUUIDv7(),
      name: device.name,
      client: device.client,
      browser: device.browser,
      os: device.os,
      trusted,
      trustedUntil: trusted ? (known?.record.trustedUntil ?? new Date(Date.now() + 30 * 86_400_000).toISOString()) : null,
      firstSeenAt: known?.record.firstSeenAt ?? now,
      lastSeenAt: now,
      lastIp: device.ip,
    };
    const browserId = known?.browserId ?? device.next.browserId;
    this.devices.set(record.id, { loginId, browserId, secretHash: device.next.secretHash, trustEpoch, record });
    return { device: record, browserId, newDevice: !known || browserId === device.next.browserId };
  }

  private listOf(loginId: string, epoch: number): DeviceRecord[] {
    const own = [...this.devices.values()].filter((device) => device.loginId === loginId);
    return own.map(({ record, trustEpoch }) => (trustEpoch === epoch ? record : { ...record, trusted: false, trustedUntil: null }));
  }

  private setTrust(loginId: string, trustEpoch: number, deviceIds: string[], trusted: boolean): DeviceRecord[] {
    const chosen = deviceIds.map((id) => this.devices.get(id));
    if (chosen.some((device) => device?.loginId !== loginId)) throw new Refusal('not_found');
    for (const device of chosen) {
      if (!device) continue;
      device.trustEpoch = trustEpoch;
      device.record = { ...device.record, trusted, trustedUntil: trusted ? new Date(Date.now() + 30 * 86_400_000).toISOString() : null };
    }
    return this.listOf(loginId, trustEpoch);
  }

  /** As far as auth can see it. */
  private deliveryControls(): Answers {
    const controls = { providers: [], channels: [{ channel: 'sms' as const, paused: true }, { channel: 'email' as const, paused: false }] };
    const keep = (name: RequestName, payload: unknown) => void this.askedOfDelivery.push({ name, payload });
    return {
      'delivery.search': async (payload) => {
        keep('delivery.search', payload);
        return { deliveries: [], before: null };
      },
      'delivery.workers': async () => ({ workers: [{ worker: 'delivery-1:7', channels: ['sms'], inFlight: 3, draining: false, startedAt: new Date(0).toISOString(), seenAt: new Date(0).toISOString() }] }),
      'delivery.controls': async () => controls,
      'delivery.set-provider': async (payload) => {
        keep('delivery.set-provider', payload);
        return controls;
      },
      'delivery.set-channel': async (payload) => {
        keep('delivery.set-channel', payload);
        return controls;
      },
      'delivery.set-worker': async (payload) => {
        keep('delivery.set-worker', payload);
        throw new Refusal('not_found');
      },
    };
  }
}
