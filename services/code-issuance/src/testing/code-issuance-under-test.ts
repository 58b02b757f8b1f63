import 'reflect-metadata';
import { randomBytes, randomInt, randomUUIDv7 } from 'node:crypto';
import { type CodeIssued, type Envelope, type MethodKind, Refusal, type RequestPayload } from '@latchkey/contracts';
import { Messaging } from '@latchkey/messaging';
import { connectRedis, createLogger, readConfig, type RedisClient, SealingKeys } from '@latchkey/platform';
import { eventually, freePort, testPostgres, testRedis, testVhost, type TestVhost } from '@latchkey/testing';
import { generateSync } from 'otplib';
import { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { PrefixAlarm } from '../codes/prefix-alarm.ts';
import { codeIssuanceSettings, type CodeIssuanceSettings } from '../config.ts';
import { codesDatabase, startService } from '../start-service.ts';

export type Issue = RequestPayload<'code.issue'>;
export type Published = Omit<Envelope, 'payload'> & { payload: CodeIssued };

/** Who a code belongs to. */
export interface Attempt {
  attemptId: string;
  loginId: string;
  methodId: string;
}

/** The whole service on a real database, cache and broker of this file's own, asked over the broker, with a clock that tests move. */
export class CodeIssuanceUnderTest {
  readonly logger = createLogger('test', 'fatal');
  readonly registry = new Registry();
  readonly alarm = new PrefixAlarm(this.logger, this.registry);
  private movedMs = 0;
  private readonly published: Published[] = [];
  private readonly closers: (() => Promise<unknown>)[] = [];
  private service: { stop(): Promise<void> } | undefined;

  private constructor(
    readonly settings: CodeIssuanceSettings,
    readonly keys: SealingKeys,
    readonly database: DataSource,
    readonly redis: RedisClient,
    readonly vhost: TestVhost,
    readonly asking: Messaging,
  ) {}

  static async start(overrides: Record<string, string> = {}): Promise<CodeIssuanceUnderTest> {
    const [postgres, cache, vhost] = await Promise.all([testPostgres({ schema: 'codes' }), testRedis(), testVhost()]);
    const settings = readConfig(codeIssuanceSettings, {
      LATCHKEY_AMQP_URL: vhost.url,
      LATCHKEY_REDIS_URL: cache.url,
      LATCHKEY_DATABASE_URL: postgres.url,
      LATCHKEY_LOG_LEVEL: 'fatal',
      LATCHKEY_SEALING_KEYS: `k1:${randomBytes(32).toString('base64')}`,
      LATCHKEY_INTERNAL_PORT: String(await freePort()),
      LATCHKEY_SMS_COUNTRIES: 'US,DE',
      ...overrides,
    });
    const database = await codesDatabase(postgres.url).initialize();
    await database.runMigrations({ transaction: 'all' });
    const redis = connectRedis(settings.LATCHKEY_REDIS_URL, createLogger('test', 'fatal'));
    const asking = new Messaging({ url: vhost.url, name: 'test', logger: createLogger('test', 'fatal') });
    await asking.connection.open();
    await asking.connection.whenConnected(10_000);
    const codes = new CodeIssuanceUnderTest(settings, new SealingKeys(settings.LATCHKEY_SEALING_KEYS), database, redis, vhost, asking);
    codes.closers.push(() => asking.close(), () => database.destroy(), async () => redis.disconnect(), () => postgres.drop(), () => cache.release(), () => vhost.delete());
    await codes.startService();
    return codes;
  }

  readonly clock = { now: (): Date => new Date(Date.now() + this.movedMs) };

  /** Time goes on from there. */
  moveClock(ms: number): void {
    this.movedMs += ms;
  }

  /** With these settings in place of its own, until it is restarted again. */
  async restartService(overrides: Partial<CodeIssuanceSettings> = {}): Promise<void> {
    await this.service?.stop();
    await this.startService({ ...this.settings, ...overrides });
  }

  async stop(): Promise<void> {
    await this.service?.stop();
    for (const close of this.closers) await close();
  }

  ask: Messaging['requester']['request'] = (name, payload, options) => this.asking.requester.request(name, payload, options);

  async issueRequest(overrides: Partial<Issue> = {}, destination = randomNumber()): Promise<Issue> {
    return {
      attemptId: randomUUIDv7(),
      loginId: randomUUIDv7(),
      providerId: randomUUIDv7(),
      methodId: randomUUIDv7(),
      channel: 'sms',
      sealedDestination: await this.keys.seal('destination', destination),
      maskedDestination: '•••• 0123',
      purpose: 'login',
      locale: 'en',
      branding: { name: 'Demo', host: 'localhost' },
      ip: `10.${randomInt(256)}.${randomInt(256)}.1`,
      ...overrides,
    };
  }

  /** A code that was issued, and what it is. */
  async issue(overrides: Partial<Issue> = {}, destination?: string) {
    const request = await this.issueRequest(overrides, destination);
    const { sent } = await this.ask('code.issue', request);
    return { request, sent, code: await this.sentCode(request) };
  }

  async tryCode({ attemptId, loginId, methodId }: Attempt, code: string, kind: MethodKind = 'sms') {
    return this.ask('code.verify', { attemptId, loginId, methodId, kind, sealedCode: await this.keys.seal('typed-code', code) });
  }

  /** An attempt's messages, of each channel in their order. */
  async publishedFor({ attemptId }: Pick<Attempt, 'attemptId'>): Promise<Published[]> {
    return (await this.everyMessage()).filter(({ payload }) => payload.attemptId === attemptId);
  }

  async everyMessage(): Promise<Published[]> {
    for (const queue of ['delivery.sms', 'delivery.email']) {
      const response = await this.vhost.manage('POST', `queues/${queue}/get`, { count: 1_000, ackmode: 'ack_requeue_false', encoding: 'auto' });
      const messages = (await response.json()) as { payload: string }[];
      this.published.push(...messages.map(({ payload }) => JSON.parse(payload) as Published));
    }
    return this.published;
  }

  async sentCode(attempt: Pick<Attempt, 'attemptId'>): Promise<string> {
    const latest = (await this.publishedFor(attempt)).at(-1);
    if (!latest) throw new Error('nothing was published for this attempt');
    return this.keys.open('code', latest.payload.sealedCode);
  }

  async enrol(names: { accountLabel?: string; issuer?: string } = {}) {
    const ids = { methodId: randomUUIDv7(), loginId: randomUUIDv7() };
    const sealed = await this.ask('authenticator.enrol', { ...ids, accountLabel: 'maria@example.com', issuer: 'Demo Security', ...names });
    const secret = await this.keys.open('authenticator-secret', sealed.sealedSecret);
    const uri = await this.keys.open('otpauth-uri', sealed.sealedOtpauthUri);
    return { ...ids, secret, uri, newAttempt: (): Attempt => ({ ...ids, attemptId: randomUUIDv7() }) };
  }

  /** What the app shows some seconds from now. */
  appCode(secret: string, offsetSeconds = 0): string {
    return generateSync({ secret, epoch: Math.floor(this.clock.now().getTime() / 1000) + offsetSeconds });
  }

  private async startService(settings = this.settings): Promise<void> {
    this.service = await startService(settings, this.clock);
    await eventually(
      async () => (await fetch(`http://${this.settings.LATCHKEY_HOST}:${this.settings.LATCHKEY_INTERNAL_PORT}/health/ready`)).ok,
      { timeoutMs: 20_000, what: 'readiness' },
    );
  }
}

/** `right`, or the error code of the refusal. */
export async function outcome(asked: Promise<unknown>): Promise<string> {
  try {
    await asked;
    return 'right';
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

/** How often each outcome came. */
export function tally(outcomes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of outcomes) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

export const atOnce = (times: number, ask: (index: number) => Promise<unknown>): Promise<string[]> => Promise.all(Array.from({ length: times }, (_, index) => outcome(ask(index))));

/** Another code of six digits. */
export const wrong = (code: string, by = 1): string => String((Number(code) + by) % 1_000_000).padStart(6, '0');

/** Some mobile number in Germany. */
export const randomNumber = (): string => `+49151${randomInt(10_000_000, 100_000_000)}`;
