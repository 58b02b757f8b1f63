import { pick, pickSession, type Prepare, type Repertoire } from './command.ts';
import { mayTrust, passedTwoFactor, type Session, trusts, twoFactorOn } from './state.ts';
import { refusals, type World } from './world.ts';

const logsOut: Prepare = (world, [who]) => {
  const session = pickSession(world, who);
  return session && (async () => {
    world.expect('logging out', await world.asSession(session, 'POST', '/v1/logout'), { status: 204 });
    if (session.alive) session.login.timeline.push('sessions_ended this');
    session.alive = false;
  });
};

/** Its own, one of the same login, or one of somebody else. */
const endsSession: Prepare = (world, [who, , what]) => {
  const [session, other] = [pickSession(world, who), pick(world.sessions, what)];
  return session && other && (async () => {
    const answer = await world.asSession(session, 'DELETE', `/v1/sessions/${other.id}`);
    const refusal = world.refusalOf(session) ?? (other.login === session.login && other.alive ? undefined : refusals.not_found);
    if (refusal) return world.expect('ending a session', answer, refusal);
    world.expect('ending a session', answer, { status: 204 });
    other.alive = false;
    session.login.timeline.push('sessions_ended one');
    world.touched.add(session.login);
  });
};

const endsOthers: Prepare = (world, [who]) => {
  const session = pickSession(world, who);
  return session && (async () => {
    const answer = await world.asSession(session, 'POST', '/v1/sessions/end-others');
    const refusal = world.refusalOf(session);
    if (refusal) return world.expect('ending the others', answer, refusal);
    world.expect('ending the others', answer, { status: 204 });
    world.endSessions(session.login, session);
    session.login.timeline.push('sessions_ended others');
  });
};

/** Trusts or forgets one or two devices: the one at hand, others of the list, or now and then somebody else's, by which nothing changes. */
const changesTrust = (wish: 'trust' | 'forget'): Prepare => (world, [who, where, what, how]) => {
  const session = pickSession(world, who);
  const own = session && world.deviceOf(session);
  if (!session || !own) return undefined;
  const foreign = how % 8 === 7 ? pick(world.logins.filter((login) => login !== session.login).flatMap(({ devices }) => [...devices.values()]), what) : undefined;
  const second = how % 2 === 1 ? pick([...session.login.devices.values()], what) : undefined;
  const devices = [where % 3 === 0 ? pick([...session.login.devices.values()], where) : own, second, foreign].filter((device) => device !== undefined);
  return async () => {
    const answer = await world.asSession(session, 'POST', `/v1/devices/${wish}`, { deviceIds: devices.map(({ id }) => id) });
    const refusal = refusalOfTrust(world, session, wish) ?? (foreign ? refusals.not_found : undefined);
    if (refusal) return world.expect(`devices: ${wish}`, answer, refusal);
    world.expect(`devices: ${wish}`, answer, { status: 200 });
    const { login } = session;
    for (const device of new Set(devices)) {
      if (trusts(login, device) === (wish === 'trust')) continue;
      device.trustedIn = wish === 'trust' ? login.trustEpoch : undefined;
      login.timeline.push(wish === 'trust' ? 'device_trusted' : 'device_forgotten');
    }
    world.touched.add(login);
  };
};

function refusalOfTrust(world: World, session: Session, wish: 'trust' | 'forget') {
  const refusal = world.refusalOf(session);
  if (refusal) return refusal;
  if (!twoFactorOn(session.login)) return refusals.two_factor_off;
  if (wish === 'trust' && !mayTrust(session.login)) return { status: 403, code: 'forbidden' };
  return wish === 'trust' && !passedTwoFactor(session) ? { status: 403, code: 'step_up_required' } : undefined;
}

export const sessionCommands: Repertoire = {
  logsOut: { weight: 2, prepare: logsOut },
  endsSession: { weight: 2, prepare: endsSession },
  endsOthers: { weight: 1, prepare: endsOthers },
  trustsDevices: { weight: 6, prepare: changesTrust('trust') },
  forgetsDevices: { weight: 3, prepare: changesTrust('forget') },
};
