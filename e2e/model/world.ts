import type { SealingKeys } from '@latchkey/platform';
import type pg from 'pg';
import type { Step } from './command.ts';
import { Mailbox } from './mailbox.ts';
import { addPeople, type Beginning } from './people.ts';
import { type Agent, type Attempt, type Browser, browserIdOf, type Device, type Login, type Provider, type Session, setupRequired } from './state.ts';
import { type Answer, type Credentials, Wire } from './wire.ts';

/** The system under test, as a run reaches it. */
export type Place = { baseUrl: string; inboxUrl: string; keys: SealingKeys; auth: pg.Pool; devices: pg.Pool };

/** What the system did differs from what it should. */
export class Mismatch extends Error {
  override name = 'Mismatch';
}

export type Expected = { status: number; code?: string };
export const refusals = {
  not_signed_in: { status: 401, code: 'not_signed_in' },
  setup: { status: 403, code: 'two_factor_setup_required' },
  forbidden: { status: 403, code: 'forbidden' },
  not_found: { status: 404, code: 'not_found' },
  wrong_password: { status: 401, code: 'wrong_password' },
  two_factor_off: { status: 409, code: 'two_factor_off' },
  attempt_over: { status: 410, code: 'attempt_over' },
  link_over: { status: 410, code: 'link_over' },
} as const satisfies Record<string, Expected>;

/** How long the system still takes a device secret that was exchanged, and how near to that a run does not go. */
const graceMs = 50_000;

/** One run: its people, what they hold, and what the system must be like. */
export class World {
  readonly place: Place;
  readonly wire: Wire;
  readonly mailbox: Mailbox;
  providers: Provider[] = [];
  logins: Login[] = [];
  readonly agents: Agent[] = [
    { name: 'browser', client: 'web', token: undefined },
    { name: 'second browser', client: 'web', token: undefined },
    { name: 'app', client: 'app', token: undefined },
    { name: 'thief’s browser', client: 'web', token: undefined },
    { name: 'thief’s app', client: 'app', token: undefined },
  ];
  readonly browsers = new Map<string, Browser>();
  readonly sessions: Session[] = [];
  readonly attempts: Attempt[] = [];
  /** Every device secret ever handed out: a thief copies one. */
  readonly tokens: string[] = [];
  /** Sessions and logins that the last command had to do with. */
  readonly touched = new Set<Login>();
  readonly done: Step[] = [];

  constructor(place: Place) {
    this.place = place;
    this.wire = new Wire(place.baseUrl);
    this.mailbox = new Mailbox(place.inboxUrl);
  }

  static async with(place: Place, beginning: Beginning): Promise<World> {
    const world = new World(place);
    Object.assign(world, await addPeople(place.auth, place.keys, beginning));
    return world;
  }

  /** A command begins. */
  begin(step: Step): void {
    this.wire.log.push(`# ${step.join(' ')}`);
    this.touched.clear();
    this.done.push(step);
  }

  /** Asks without a session: as somebody with a browser or an app, or with nothing. */
  asAgent(agent: Agent, method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer> {
    return this.wire.ask(method, path, body, { client: agent.client, device: agent.token, ...(headers && { headers }) });
  }

  asSession(session: Session, method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer> {
    const credentials: Credentials = { client: session.client, session: session.secret, ...(headers && { headers }) };
    return this.wire.ask(method, path, body, credentials);
  }

  expect(what: string, answer: Answer, expected: Expected | readonly Expected[]): void {
    const allowed = [expected].flat() as Expected[];
    if (allowed.some(({ status, code }) => answer.status === status && answer.code === code)) return;
    throw new Mismatch(`${what}: expected ${allowed.map(({ status, code }) => `${status} ${code ?? ''}`.trim()).join(' or ')}, got ${answer.status} ${JSON.stringify(answer.body)}`);
  }

  check(isSo: boolean, what: string): void {
    if (!isSo) throw new Mismatch(what);
  }

  /** What a session that is over, or must set two-factor up first, or is of another role, is told; undefined when it may go on. */
  refusalOf(session: Session, { evenBeforeSetup = false, role }: { evenBeforeSetup?: boolean; role?: Login['role'] } = {}): Expected | undefined {
    if (!session.alive) return refusals.not_signed_in;
    if (!evenBeforeSetup && setupRequired(session)) return refusals.setup;
    return role && session.login.role !== role ? refusals.forbidden : undefined;
  }

  deviceOf({ login, browserId }: Pick<Session, 'login' | 'browserId'>): Device | undefined {
    return login.devices.get(browserId);
  }

  endSessions(login: Login, staying?: Session): void {
    for (const session of this.sessions) if (session.login === login && session !== staying) session.alive = false;
    this.touched.add(login);
  }

  /** Whether the system takes the secret for one of that browser. */
  recognizes(token: string | undefined): Browser | undefined {
    const browser = token === undefined ? undefined : this.browsers.get(browserIdOf(token));
    return token !== undefined && browser?.secrets.has(token) ? browser : undefined;
  }

  /** Whether an exchanged secret is so old that nobody can tell any more whether it is still taken. */
  isTooOldToTell(token: string | undefined): boolean {
    const at = token === undefined ? undefined : this.browsers.get(browserIdOf(token))?.secrets.get(token)?.supersededAt;
    return at !== undefined && Date.now() - at > graceMs;
  }

  /** A known browser's secret that is taken no more: all trust of that browser is withdrawn, once, in every login (norm 22). */
  noteReuse(token: string | undefined): void {
    const browser = token === undefined ? undefined : this.browsers.get(browserIdOf(token));
    if (!browser || browser.secrets.size === 0 || browser.secrets.has(token as string)) return;
    browser.secrets.clear();
    for (const login of this.logins) {
      const device = login.devices.get(browser.id);
      if (!device) continue;
      device.trustedIn = undefined;
      login.timeline.push('device_secret_reused');
      this.touched.add(login);
    }
  }

  /** The system has exchanged the secret that was presented; gives the browser that the new one is of. */
  exchange(presented: string | undefined, given: string): Browser {
    const recognized = this.recognizes(presented);
    const id = browserIdOf(given);
    this.check(recognized ? recognized.id === id : !this.browsers.has(id), 'a login is on the browser whose secret it presented, else on a new one');
    this.check(!this.tokens.includes(given), 'a device secret is new at every login');
    const browser = recognized ?? { id, secrets: new Map<string, { supersededAt: number | undefined }>() };
    if (recognized?.secrets.get(presented as string)?.supersededAt === undefined) for (const secret of browser.secrets.values()) secret.supersededAt ??= Date.now();
    browser.secrets.set(given, { supersededAt: undefined });
    this.browsers.set(id, browser);
    this.tokens.push(given);
    return browser;
  }
}
