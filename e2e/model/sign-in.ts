import { resendWaitMs } from './codes.ts';
import { type Agent, type Attempt, type Login, mayTrust, passedTwoFactor, type Session, setupRequired, trusts, twoFactorOn } from './state.ts';
import type { Answer } from './wire.ts';
import { refusals, type World } from './world.ts';

/** The one way into a login, for all commands: its device, its session, its line in the timeline. */
export function enter(world: World, login: Login, agent: Agent, answer: Answer, assurance: string, { trust = false } = {}): Session {
  const shown = answer.body.session;
  world.check(Boolean(answer.session && answer.device), 'a login gives secrets of a session and of a device');
  world.noteReuse(agent.token);
  const browser = world.exchange(agent.token, answer.device as string);
  let device = login.devices.get(browser.id);
  world.check(!device || device.id === shown.device.id, 'a browser that is recognized is the same device');
  if (!device) {
    world.check(!world.logins.some(({ devices }) => [...devices.values()].some(({ id }) => id === shown.device.id)), 'a new device has an id of its own');
    device = { id: shown.device.id, trustedIn: undefined };
    login.devices.set(browser.id, device);
  }
  if (trust && !trusts(login, device)) device.trustedIn = login.trustEpoch;
  agent.token = answer.device;
  const session: Session = { id: shown.id, login, secret: answer.session as string, client: agent.client, assurance, browserId: browser.id, alive: true };
  world.check(!world.sessions.some(({ id, secret }) => id === session.id || secret === session.secret), 'a session is new at every login');
  world.sessions.push(session);
  world.touched.add(login);
  login.timeline.push(`signed_in ${assurance}`);
  checkShown(world, session, shown);
  return session;
}

/** What the system shows of a session is what the model says of it. */
export function checkShown(world: World, session: Session, shown: any): void {
  const { login, assurance } = session;
  const device = world.deviceOf(session);
  const is = { id: shown.id, assurance: shown.assurance, loginId: shown.login.id, loginName: shown.login.loginName, role: shown.login.role, setupRequired: shown.setupRequired, deviceId: shown.device.id, trusted: shown.device.trusted };
  const should = { id: session.id, assurance, loginId: login.id, loginName: login.name, role: login.role, setupRequired: setupRequired(session), deviceId: device?.id, trusted: trusts(login, device) };
  world.check(JSON.stringify(is) === JSON.stringify(should), `the session of ${login.name} is ${JSON.stringify(is)} and should be ${JSON.stringify(should)}`);
  world.check(shown.device.trusted === (shown.device.trustedUntil !== null), 'trust has an end, and only trust has one');
}

/** The attempt that an answer with `code_required`, or a step-up, began; waits for the code where one was sent. */
export async function beginAttempt(world: World, login: Login, client: 'web' | 'app', answer: Answer, stepUpOf?: Session): Promise<Attempt> {
  const { attempt: secret, methods, sent } = answer.body;
  const recovery = methods.find(({ kind }: { kind: string }) => kind === 'recovery_code');
  if (login.recovery) login.recovery.setId ??= recovery?.id;
  const offered = [...login.methods.map(({ id, kind, default: isDefault }) => ({ id, kind, default: isDefault })), ...(login.recovery ? [{ id: login.recovery.setId, kind: 'recovery_code', default: false }] : [])];
  const shown = methods.map(({ id, kind, default: isDefault }: { id: string; kind: string; default: boolean }) => ({ id, kind, default: isDefault }));
  const sorted = (list: object[]) => JSON.stringify(list.map((method) => JSON.stringify(method)).sort());
  world.check(sorted(shown) === sorted(offered), `${login.name} is offered ${JSON.stringify(shown)} and should be ${JSON.stringify(offered)}`);
  const attempt: Attempt = {
    secret,
    login,
    client,
    stepUpOf,
    methods: [...login.methods],
    recovery: login.recovery,
    sessionEpoch: login.sessionEpoch,
    tries: { wrong: 0, used: false },
    sends: 0,
    codes: new Map(),
    reset: { code: undefined, resendAt: 0, tries: { wrong: 0, used: false }, sends: 0 },
    over: false,
  };
  world.attempts.push(attempt);
  const chosen = login.methods.find((method) => method.default);
  login.timeline.push(`code_required ${chosen?.kind}`);
  world.check(chosen?.kind === 'totp' ? sent === null : sent?.methodId === chosen?.id, 'the code goes by the default method');
  if (chosen?.destination) await noteSent(world, attempt, sent, chosen.destination);
  return attempt;
}

/** A request that takes longer is answered with 503. */
const slowestAnswerMs = 5_000;
type Sent = { methodId: string; resendAt: string };

/** Sending again has to wait, and no longer than it should. */
export function resendAtOf(world: World, { resendAt }: Pick<Sent, 'resendAt'>): number {
  const at = Date.parse(resendAt);
  // The answer may have been long on its way, on a machine that is busy.
  world.check(at > Date.now() - slowestAnswerMs && at <= Date.now() + resendWaitMs, `sending again is possible at ${resendAt}`);
  return at;
}

/** A code of the attempt is on its way: the same one again, where the method had one. */
export async function noteSent(world: World, attempt: Attempt, sent: Sent, destination: string): Promise<void> {
  const { methodId } = sent;
  const resendAt = resendAtOf(world, sent);
  const code = await world.mailbox.nextCode(destination);
  const before = attempt.codes.get(methodId)?.code;
  world.check(before === undefined || before === code, 'sending again sends the same code');
  attempt.sends += 1;
  attempt.codes.set(methodId, { code, resendAt });
  attempt.login.timeline.push('code_queued');
}

/** Name and password, as far as they lead: a session, an attempt, or a refusal. */
export async function logIn(world: World, login: Login, agent: Agent, password: string): Promise<Session | Attempt | undefined> {
  const answer = await world.asAgent(agent, 'POST', '/v1/login', { loginName: login.name, password, client: agent.client, deviceName: agent.name });
  if (login.gone || password !== login.password) {
    world.expect('a wrong password', answer, { status: 401, code: 'invalid_credentials' });
    if (login.password !== undefined) login.timeline.push('login_refused wrong_password');
    return undefined;
  }
  if (login.newPasswordRequired) {
    login.timeline.push('login_refused new_password_required');
    world.expect('a login after “this wasn’t me”', answer, login.email ? { status: 403, code: 'new_password_required' } : { status: 409, code: 'ask_service_provider' });
    if (login.email) await noteLink(world, login, login.email, 'new-password');
    return undefined;
  }
  world.check(answer.status === 200, `a right password is answered with ${answer.status} ${JSON.stringify(answer.body)}`);
  if (!twoFactorOn(login)) {
    world.check(answer.body.status === 'signed_in', `two-factor is off, and a code is asked for`);
    return enter(world, login, agent, answer, 'pwd');
  }
  const browser = world.recognizes(agent.token);
  const isTrusted = mayTrust(login) && browser !== undefined && trusts(login, login.devices.get(browser.id));
  if (isTrusted) {
    world.check(answer.body.status === 'signed_in', 'the device is trusted, and a code is asked for');
    return enter(world, login, agent, answer, 'pwd+trusted_device');
  }
  world.check(answer.body.status === 'code_required' && !answer.session && !answer.device, `${login.name} has two-factor on and its device is not trusted, yet it is ${JSON.stringify(answer.body)}`);
  if (mayTrust(login)) world.noteReuse(agent.token);
  return beginAttempt(world, login, agent.client, answer);
}

/** The newest link of a kind; those before it lead nowhere any more. */
export async function noteLink(world: World, login: Login, email: string, page: 'new-password' | 'invitation'): Promise<void> {
  const token = await world.mailbox.nextLink(email, page);
  for (const link of login.links) if (link.page === page) link.good = false;
  login.links.push({ token, page, good: true });
}

export const isAttempt = (result: Session | Attempt | undefined): result is Attempt => result !== undefined && 'tries' in result;

/** A right code came in: the login is entered, or the session at hand raised. */
export function proceed(world: World, attempt: Attempt, agent: Agent, answer: Answer, kind: string): Session | undefined {
  attempt.over = true;
  const { login, stepUpOf } = attempt;
  world.check(answer.status === 200, `a right code is answered with ${answer.status} ${JSON.stringify(answer.body)}`);
  if (!stepUpOf) {
    const session = enter(world, login, agent, answer, `pwd+${kind}`, { trust: attempt.client === 'app' && mayTrust(login) });
    world.check(answer.body.askToTrust === (attempt.client === 'web' && mayTrust(login) && !answer.body.session.device.trusted), 'only a customer in a browser that is not trusted is asked about trust');
    return session;
  }
  world.check(!answer.session && !answer.device, 'a step-up gives no secrets');
  stepUpOf.assurance = `pwd+${kind}`;
  login.timeline.push(`stepped_up pwd+${kind}`);
  world.check(passedTwoFactor(stepUpOf), 'a step-up passes two-factor');
  checkShown(world, stepUpOf, answer.body.session);
  return stepUpOf;
}

export const overOrGone = [refusals.attempt_over, refusals.not_found, refusals.not_signed_in] as const;
