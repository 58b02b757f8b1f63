import 'reflect-metadata';
import { randomBytes, randomUUIDv7 } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RequestReply } from '@latchkey/contracts';
import { createLogger, readConfig, SealingKeys } from '@latchkey/platform';
import { eventually, freePort, testVhost, type TestVhost } from '@latchkey/testing';
import { gatewaySettings } from '../config.ts';
import type { RouteTable } from '../http/route-table.ts';
import { startGateway } from '../start-gateway.ts';
import { CuttableBroker } from './cuttable-broker.ts';
import { StandInService } from './stand-in-service.ts';

const json = { 'content-type': 'application/json' };

/** The gateway on a real broker of this file's own, with auth and delivery stood in for, and a small built website. */
export class GatewayUnderTest {
  private constructor(
    readonly baseUrl: string,
    readonly internalUrl: string,
    readonly auth: StandInService,
    readonly delivery: StandInService,
    readonly sealing: SealingKeys,
    readonly broker: CuttableBroker,
    readonly vhost: TestVhost,
    /** Every route of the public port. */
    readonly routes: RouteTable['routes'],
    /** The gateway alone, as a signal would. */
    readonly stopGateway: () => Promise<void>,
    private readonly closers: (() => unknown)[],
  ) {}

  /** `broker: 'away'`: the gateway starts without one, and is ready once the test mends the way to it. */
  static async start(environment: Record<string, string> = {}, options: { broker?: 'away' } = {}): Promise<GatewayUnderTest> {
    const vhost = await testVhost();
    const broker = await CuttableBroker.before(vhost.url);
    const webRoot = buildWebsite();
    const [port, internalPort] = [await freePort(), await freePort()];
    const settings = readConfig(gatewaySettings, {
      LATCHKEY_AMQP_URL: broker.url,
      LATCHKEY_LOG_LEVEL: 'fatal',
      LATCHKEY_SEALING_KEYS: `k1:${randomBytes(32).toString('base64')}`,
      LATCHKEY_HTTP_PORT: String(port),
      LATCHKEY_INTERNAL_PORT: String(internalPort),
      LATCHKEY_PUBLIC_URL: `http://localhost:${port}`,
      ...environment,
    });
    const logger = createLogger('test', 'fatal');
    const [auth, delivery] = [new StandInService('auth', vhost.url, logger), new StandInService('delivery', vhost.url, logger)];
    await auth.start();
    await delivery.start();
    if (options.broker === 'away') broker.cutOff();
    const gateway = await startGateway(settings, settings.LATCHKEY_WEB_ROOT ?? webRoot);
    let stopping: Promise<void> | undefined;
    const stopGateway = () => (stopping ??= gateway.stop());
    const internalUrl = `http://127.0.0.1:${internalPort}`;
    const under = new GatewayUnderTest(`http://127.0.0.1:${port}`, internalUrl, auth, delivery, new SealingKeys(settings.LATCHKEY_SEALING_KEYS), broker, vhost, gateway.routes, stopGateway, [
      stopGateway,
      () => auth.stop(),
      () => delivery.stop(),
      () => broker.close(),
      () => vhost.delete(),
      () => rmSync(webRoot, { recursive: true }),
    ]);
    if (!options.broker) await under.ready();
    return under;
  }

  /** Until requests get through to auth. */
  async ready(): Promise<void> {
    await eventually(async () => (await fetch(`${this.internalUrl}/health/ready`)).status === 200, { timeoutMs: 20_000, what: 'a ready gateway' });
    const bearer = { authorization: `Bearer ${'r'.repeat(43)}` };
    await eventually(async () => (await this.call('GET', '/v1/session', undefined, bearer)).status < 500, { timeoutMs: 20_000, what: 'an answer of auth' });
  }

  async stop(): Promise<void> {
    for (const close of this.closers) await close();
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.baseUrl}${path}`, { redirect: 'manual', signal: AbortSignal.timeout(15_000), ...init });
  }

  async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await this.fetch(path, { method, headers: { ...(body === undefined ? {} : json), ...headers }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await response.text();
    // Whatever shape it has: the tests say which.
    const parsed = (text.startsWith('{') ? JSON.parse(text) : text) as any;
    return { status: response.status, body: parsed, text, headers: response.headers, cookies: response.headers.getSetCookie() };
  }

  post = (path: string, body?: unknown, headers?: Record<string, string>) => this.call('POST', path, body, headers);
  get = (path: string, headers?: Record<string, string>) => this.call('GET', path, undefined, headers);
}

export const moment = (inSeconds = 0) => new Date(Date.now() + inSeconds * 1000).toISOString();

/** A session as auth answers it. */
export function sessionReply(): RequestReply<'session.get'> {
  return {
    id: randomUUIDv7(),
    login: { id: randomUUIDv7(), loginName: 'owner', role: 'account_owner' },
    assurance: 'pwd+sms',
    accountId: randomUUIDv7(),
    device: { id: randomUUIDv7(), name: 'Firefox on Linux', trusted: false, trustedUntil: null },
    setupRequired: false,
    expiresAt: moment(3600),
  };
}

/** A login that auth answers with the question for a code. */
export function codeRequiredReply(methodId = randomUUIDv7()): RequestReply<'login.start'> & { status: 'code_required' } {
  return {
    status: 'code_required',
    methods: [{ id: methodId, kind: 'sms', hint: '•••• 4711', default: true }],
    sent: { methodId, state: 'queued', expiresAt: moment(600), resendAt: moment(30), sendsLeft: 4 },
  };
}

function buildWebsite(): string {
  const root = mkdtempSync(join(tmpdir(), 'latchkey-web-'));
  mkdirSync(join(root, 'assets'));
  writeFileSync(join(root, 'index.html'), '<!doctype html><title>Latchkey test site</title>');
  writeFileSync(join(root, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  writeFileSync(join(root, 'assets', 'index-abc123.js'), 'document.title += "!"');
  return root;
}
