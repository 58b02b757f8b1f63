import { until } from './mailbox.ts';
import { checkShown } from './sign-in.ts';
import { type Login, type Session, setupRequired, trusts, twoFactorOn } from './state.ts';
import { Mismatch, type World } from './world.ts';

/** After each command: every session that lives is what it should be, those that ended are over, and what the command touched is as the model says. */
export async function invariants(world: World): Promise<void> {
  const dead = world.sessions.filter(({ alive }) => !alive);
  // All that just ended, and of those before one each time.
  const looked = new Set([...world.sessions.filter(({ alive }) => alive), ...dead.filter(({ login }) => world.touched.has(login)), ...dead.slice(world.done.length % Math.max(dead.length, 1)).slice(0, 1)]);
  await Promise.all([...looked].map((session) => checkSession(world, session)));
  const inTurn = world.logins[world.done.length % world.logins.length];
  const logins = new Set([...world.touched, ...(inTurn ? [inTurn] : [])]);
  await Promise.all([...logins].map((login) => checkLogin(world, login)));
}

async function checkSession(world: World, session: Session): Promise<void> {
  await settled(async () => {
    const answer = await world.asSession(session, 'GET', '/v1/session');
    if (!session.alive) return world.expect(`a session of ${session.login.name} that is over`, answer, { status: 401, code: 'not_signed_in' });
    world.expect(`a session of ${session.login.name}`, answer, { status: 200 });
    checkShown(world, session, answer.body);
  }, session.login.timeline.includes('device_secret_reused'));
}

/** What the login sees of itself, in whichever of its sessions. */
async function checkLogin(world: World, login: Login): Promise<void> {
  const alive = world.sessions.filter((session) => session.alive && session.login === login);
  const session = alive[world.done.length % Math.max(alive.length, 1)];
  if (!session) return;
  const mustSetUp = setupRequired(session);
  const [settings, sessions, devices] = await Promise.all([
    world.asSession(session, 'GET', '/v1/two-factor'),
    world.asSession(session, 'GET', '/v1/sessions'),
    world.asSession(session, 'GET', '/v1/devices'),
  ]);
  checkSettings(world, login, settings.body);
  if (mustSetUp) {
    for (const answer of [sessions, devices]) world.expect('before the two-factor that is required is set up', answer, { status: 403, code: 'two_factor_setup_required' });
    return;
  }
  const listed = sessions.body.sessions as { id: string; current: boolean; assurance: string }[];
  same(world, `sessions of ${login.name}`, listed.map(({ id, current, assurance }) => ({ id, current, assurance })), alive.map(({ id, assurance }) => ({ id, current: id === session.id, assurance })));
  const shown = devices.body.devices as { id: string; current: boolean; trusted: boolean; lastSeenAt: string }[];
  same(
    world,
    `devices of ${login.name}`,
    shown.map(({ id, current, trusted }) => ({ id, current, trusted })),
    [...login.devices.values()].map((device) => ({ id: device.id, current: device === world.deviceOf(session), trusted: trusts(login, device) })),
  );
  world.check(shown.every(({ lastSeenAt }, index) => lastSeenAt >= (shown[index + 1]?.lastSeenAt ?? '')), 'devices come newest use first');
}

function checkSettings(world: World, login: Login, shown: any): void {
  // Staff is not bound by what its provider asks of customers.
  const policy = login.role === 'provider_staff' ? 'optional' : login.provider.policy;
  world.check(shown.enabled === twoFactorOn(login) && shown.policy === policy, `two-factor of ${login.name} is ${JSON.stringify(shown)} and should be ${twoFactorOn(login) ? 'on' : 'off'}, ${policy}`);
  const left = login.recovery?.fresh.length ?? 0;
  world.check(shown.recoveryCodesLeft === left, `${shown.recoveryCodesLeft} recovery codes are left to ${login.name} and should be ${left}`);
  const should = [...login.methods.map((method) => ({ method, confirmed: true })), ...login.waiting.map((method) => ({ method, confirmed: false }))];
  same(
    world,
    `methods of ${login.name}`,
    shown.methods.map((method: any) => ({ id: method.id, kind: method.kind, default: method.default, confirmed: method.confirmedAt !== null })),
    should.map(({ method: { id, kind, default: isDefault }, confirmed }) => ({ id, kind, default: isDefault, confirmed })),
  );
}

function same(world: World, what: string, is: object[], should: object[]): void {
  const sorted = (list: object[]) => list.map((one) => JSON.stringify(one)).sort();
  world.check(JSON.stringify(sorted(is)) === JSON.stringify(sorted(should)), `the ${what} are ${sorted(is).join(' ')} and should be ${sorted(should).join(' ')}`);
}

/** What is told by an event comes a moment later; everything else is so at once. */
async function settled(check: () => Promise<void>, byEvent: boolean): Promise<void> {
  if (!byEvent) return check();
  let last: Mismatch | undefined;
  const isSo = async () => {
    try {
      await check();
      return true;
    } catch (error) {
      if (!(error instanceof Mismatch)) throw error;
      last = error;
      return undefined;
    }
  };
  await until('what was told by an event', isSo, 5_000).catch((error: Error) => {
    throw last ?? error;
  });
}

const lasting = new Set(['code_accepted', 'code_delivered']);

/** At the end: every timeline that somebody can look at has a line for each thing that happened, and no other. */
export async function timelinesTellAll(world: World): Promise<void> {
  await Promise.all(world.logins.map((login) => timelineTellsAll(world, login)));
}

async function timelineTellsAll(world: World, login: Login): Promise<void> {
  const can = (session: Session) => session.alive && !setupRequired(session);
  const own = world.sessions.find((session) => can(session) && session.login === login);
  const staff = world.sessions.find((session) => can(session) && session.login.role === 'provider_staff' && session.login.provider === login.provider);
  const session = own ?? (login.accountId !== undefined ? staff : undefined);
  if (!session || login.gone) return;
  await settled(async () => {
    const lines = await readTimeline(world, session, own ? '/v1/activity' : `/v1/provider/logins/${login.id}/activity`);
    const accepted = lines.filter((line) => line === 'code_accepted').length;
    const queued = lines.filter((line) => line === 'code_queued').length;
    world.check(accepted === queued, `the timeline of ${login.name} tells of ${queued} codes queued and ${accepted} accepted`);
    const told = lines.filter((line) => !lasting.has(line));
    const missing = without(login.timeline, told);
    const surplus = without(without(told, login.timeline), login.maybe);
    world.check(missing.length === 0 && surplus.length === 0, `the timeline of ${login.name} lacks ${JSON.stringify(missing)} and has too much ${JSON.stringify(surplus)}`);
  }, true);
}

async function readTimeline(world: World, session: Session, path: string): Promise<string[]> {
  const lines = new Map<string, string>();
  for (let before: string | null = ''; before !== null; ) {
    const answer = await world.asSession(session, 'GET', before === '' ? path : `${path}?before=${encodeURIComponent(before)}`);
    world.expect('a timeline', answer, { status: 200 });
    for (const { id, kind, reason, assurance, method } of answer.body.activities) {
      const detail = kind === 'signed_in' ? assurance : kind === 'code_required' ? method?.kind : kind.startsWith('code_') && kind !== 'code_refused' ? undefined : reason;
      lines.set(id, [kind, detail].filter(Boolean).join(' '));
    }
    before = answer.body.before;
  }
  return [...lines.values()];
}

/** What is left of a list when each of others is taken away once. */
function without(list: readonly string[], others: readonly string[]): string[] {
  const left = [...list];
  for (const other of others) if (left.includes(other)) left.splice(left.indexOf(other), 1);
  return left;
}
