import 'reflect-metadata';
import { randomBytes, randomUUIDv7 } from 'node:crypto';
import type { DeviceInput, RequestPayload, RequestReply } from '@latchkey/contracts';
import { Messaging } from '@latchkey/messaging';
import { type Clock, connectRedis, createLogger, hashSecret, newSecret, readConfig, type RedisClient, SealingKeys } from '@latchkey/platform';
import { eventually, freePort, testPostgres, testRedis, testVhost } from '@latchkey/testing';
import type { DataSource } from 'typeorm';
import { type AuthSettings, authSettings } from '../config.ts';
import { authDatabase } from '../database.ts';
import { seedDemo } from '../demo/seed-demo.ts';
import { startService } from '../start-service.ts';
import { OtherServices } from './other-services.ts';

export const demoPassword = 'correct-horse-battery-staple';

/** A browser that keeps its device secret between logins. */
export class Browser {
  presented: DeviceInput['presented'] = null;
  private next = { browserId: randomUUIDv7(), secretHash: hashSecret(newSecret()) };

  constructor(
    readonly client: 'web' | 'app' = 'web',
    readonly ip = '203.0.113.7',
  ) {}

  get device(): DeviceInput {
    this.next = { browserId: randomUUIDv7(), secretHash: hashSecret(newSecret()) };
    return { presented: this.presented, next: this.next, client: this.client, name: 'Firefox on Linux', browser: 'Firefox', os: 'Linux', ip: this.ip };
  }

  enter(browserId: string | null): void {
    if (browserId !== null) this.presented = { browserId, secretHash: this.next.secretHash };
  }
}

/** The auth service on a real database, cache and broker of this file's own, with the demo data. */
export class AuthUnderTest {
  private constructor(
    readonly database: DataSource,
    readonly redis: RedisClient,
    readonly sealing: SealingKeys,
    readonly others: OtherServices,
    readonly asking: Messaging,
    readonly settings: AuthSettings,
    private readonly closers: (() => Promise<unknown>)[],
  ) {}

  /** Where health and metrics are. */
  get internalUrl(): string {
    return `http://127.0.0.1:${this.settings.LATCHKEY_INTERNAL_PORT}`;
  }

  static async start({ limits = 'development', clock, redisUrl }: { limits?: string; clock?: Clock; redisUrl?: string } = {}): Promise<AuthUnderTest> {
    const [postgres, cache, vhost] = await Promise.all([testPostgres({ schema: 'auth' }), testRedis(), testVhost()]);
    const settings = readConfig(authSettings, {
      LATCHKEY_AMQP_URL: vhost.url,
      LATCHKEY_REDIS_URL: redisUrl ?? cache.url,
      LATCHKEY_DATABASE_URL: postgres.url,
      LATCHKEY_LOG_LEVEL: 'fatal',
      LATCHKEY_SEALING_KEYS: `k1:${randomBytes(32).toString('base64')}`,
      LATCHKEY_LIMITS: limits,
      LATCHKEY_INTERNAL_PORT: String(await freePort()),
    });
    const sealing = new SealingKeys(settings.LATCHKEY_SEALING_KEYS);
    const logger = createLogger('test', 'fatal');
    const database = await authDatabase(postgres.url).initialize();
    await database.runMigrations({ transaction: 'all' });
    await seedDemo(database, sealing);
    const others = new OtherServices(vhost.url, sealing, logger);
    await others.start();
    const service = await startService(settings, clock);
    const asking = new Messaging({ url: vhost.url, name: 'test', logger });
    await asking.connection.open();
    const redis = connectRedis(settings.LATCHKEY_REDIS_URL, logger);
    const auth = new AuthUnderTest(database, redis, sealing, others, asking, settings, [
      () => service.stop(),
      () => others.stop(),
      () => asking.close(),
      () => database.destroy(),
      async () => redis.disconnect(),
      () => postgres.drop(),
      () => cache.release(),
      () => vhost.delete(),
    ]);
    // Everything has its channels once a whole login goes through.
    await eventually(async () => (await auth.start('member')).answer, { timeoutMs: 20_000, everyMs: 100, what: 'the first login' });
    return auth;
  }

  /** A second process of the service beside the first; requests go to either. */
  async startAnother(): Promise<void> {
    const another = await startService({ ...this.settings, LATCHKEY_INTERNAL_PORT: await freePort() });
    this.closers.unshift(() => another.stop());
  }

  async stop(): Promise<void> {
    for (const close of this.closers) await close();
  }

  /** Asks as the gateway does. */
  ask: Messaging['requester']['request'] = (name, payload, options) => this.asking.requester.request(name, payload, options);

  seal(plain: string): Promise<string> {
    return this.sealing.seal('password', plain);
  }

  sealCode(code: string): Promise<string> {
    return this.sealing.seal('typed-code', code);
  }

  async start(loginName: string, { browser = new Browser(), password = demoPassword }: { browser?: Browser; password?: string } = {}) {
    const sessionHash = hashSecret(newSecret());
    const attemptHash = hashSecret(newSecret());
    const payload: RequestPayload<'login.start'> = {
      loginName,
      sealedPassword: await this.seal(password),
      device: browser.device,
      attemptId: randomUUIDv7(),
      attemptHash,
      sessionHash,
      locale: 'en',
    };
    const answer: RequestReply<'login.start'> = await this.ask('login.start', payload);
    if (answer.status === 'signed_in') browser.enter(answer.browserId);
    return { answer, sessionHash, attemptHash };
  }

  /** Enters a code for an attempt; a session comes of it under a new secret. */
  async verify(attemptHash: string, methodId: string, code: string, browser = new Browser()) {
    const sessionHash = hashSecret(newSecret());
    const answer = await this.ask('login.verify-code', { attemptHash, methodId, sealedCode: await this.sealCode(code), sessionHash, device: browser.device });
    browser.enter(answer.browserId);
    return { ...answer, sessionHash };
  }

  /** The secret's hash of a session made by password alone. */
  async signIn(loginName: string, browser = new Browser()): Promise<string> {
    const { answer, sessionHash } = await this.start(loginName, { browser });
    if (answer.status !== 'signed_in') throw new Error(`${loginName} needs a code`);
    return sessionHash;
  }

  /** A login of its own for one test: a customer with two-factor off. */
  async addCustomer(loginName: string): Promise<string> {
    const id = randomUUIDv7();
    await this.database.query(
      `INSERT INTO logins (id, account_id, provider_id, login_name, login_name_key, role, password_hash)
       SELECT $1, account_id, provider_id, $2, $2, 'customer', password_hash FROM logins WHERE login_name_key = 'member'`,
      [id, loginName],
    );
    return id;
  }

  /** Sets a method up and confirms it; every session of the login has ended then. */
  async addMethod(sessionHash: string, kind: 'sms' | 'email' | 'totp', destination: string | null): Promise<string> {
    const { id } = await this.ask('two-factor.add-method', await this.addMethodPayload(sessionHash, kind, destination));
    return id;
  }

  async addMethodPayload(sessionHash: string, kind: 'sms' | 'email' | 'totp', destination: string | null, password = demoPassword): Promise<RequestPayload<'two-factor.add-method'>> {
    const sealedDestination = destination === null ? null : await this.sealing.seal('destination', destination);
    return { sessionHash, sealedPassword: await this.seal(password), kind, sealedDestination, ip: '203.0.113.7', locale: 'en' };
  }

  async confirm(sessionHash: string, methodId: string, code: string): Promise<void> {
    await this.ask('two-factor.confirm-method', { sessionHash, methodId, sealedCode: await this.sealCode(code) });
  }
}
