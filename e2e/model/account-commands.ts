import { pick, pickSession, type Prepare, type Repertoire } from './command.ts';
import { until } from './mailbox.ts';
import { emptyLogin } from './people.ts';
import { noteLink } from './sign-in.ts';
import { type Login, type Policy, twoFactorOn } from './state.ts';
import { turnOff } from './turn-off.ts';
import { refusals, type World } from './world.ts';

const roleWithin = (how: number, role: string) => (session: { login: { role: string } }) => how % 8 === 7 || session.login.role === role;

let added = 0;

/** The owner adds a login; somebody else tries to, now and then. */
const addsLogin: Prepare = (world, [who, where, , how]) => {
  const session = pickSession(world, who, roleWithin(how, 'account_owner'));
  if (!session || world.logins.length > 8) return undefined;
  return async () => {
    const { login: owner } = session;
    const taken = where % 8 === 7 ? pick(world.logins.filter(({ gone }) => !gone), where) : undefined;
    const name = taken?.name ?? `${owner.name}-added-${(added += 1)}`;
    // A taken name with the address of its own invitation would be sent that again.
    const email = `${name}-${taken ? 'taken' : added}@model.example`;
    const answer = await world.asSession(session, 'POST', '/v1/account/logins', { loginName: name, emailAddress: email });
    const refusal = world.refusalOf(session, { role: 'account_owner' }) ?? (taken ? { status: 409, code: 'login_name_taken' } : undefined);
    if (refusal) return world.expect('adding a login', answer, refusal);
    world.expect('adding a login', answer, { status: 201 });
    const login = { ...emptyLogin({ id: answer.body.id, name, role: 'customer', provider: owner.provider, accountId: owner.accountId }), email };
    login.timeline.push('login_added');
    world.logins.push(login);
    await noteLink(world, login, email, 'invitation');
  };
};

/** One of the account; now and then the owner itself, or a login of another account. */
const removesLogin: Prepare = (world, [who, , what, how]) => {
  const session = pickSession(world, who, roleWithin(how, 'account_owner'));
  const login = pick(world.logins, what);
  return session && login && (async () => {
    const answer = await world.asSession(session, 'DELETE', `/v1/account/logins/${login.id}`);
    const isOwn = !login.gone && login.accountId !== undefined && login.accountId === session.login.accountId;
    const refusal = world.refusalOf(session, { role: 'account_owner' }) ?? (!isOwn ? refusals.not_found : login.role === 'account_owner' ? refusals.forbidden : undefined);
    if (refusal) return world.expect('removing a login', answer, refusal);
    world.expect('removing a login', answer, { status: 204 });
    login.gone = true;
    for (const link of login.links) link.good = false;
    world.endSessions(login);
    await forgottenByDevices(world, login);
  });
};

/** Told by an event: the login's devices are gone, and so are the browsers that nobody else logs in on. */
async function forgottenByDevices(world: World, login: Login): Promise<void> {
  await until('the end of its devices', async () => ((await world.place.devices.query('SELECT 1 FROM devices WHERE login_id = $1', [login.id])).rowCount === 0 ? true : undefined));
  const browsers = [...login.devices.keys()];
  login.devices.clear();
  for (const id of browsers) if (!world.logins.some(({ devices }) => devices.has(id))) world.browsers.delete(id);
}

/** The staff turns two-factor off for its own customer, and never for another provider's. */
const providerDisables: Prepare = (world, [who, , what, how]) => {
  const session = pickSession(world, who, roleWithin(how, 'provider_staff'));
  const login = pick(world.logins, what);
  return session && login && (async () => {
    const answer = await world.asSession(session, 'POST', `/v1/provider/logins/${login.id}/disable-two-factor`, { reason: 'phone lost' });
    const isOwn = !login.gone && login.accountId !== undefined && login.provider === session.login.provider;
    const refusal = world.refusalOf(session, { role: 'provider_staff' }) ?? (!isOwn ? refusals.not_found : !twoFactorOn(login) ? refusals.two_factor_off : undefined);
    if (refusal) return world.expect('the provider turning two-factor off', answer, refusal);
    world.expect('the provider turning two-factor off', answer, { status: 204 });
    turnOff(world, login, 'two_factor_off phone lost');
  });
};

const changesPolicy: Prepare = (world, [who, , what, how]) => {
  const session = pickSession(world, who, roleWithin(how, 'provider_staff'));
  const twoFactor = (['optional', 'required', 'suggested', 'optional'] as const)[what % 4] as Policy;
  return session && (async () => {
    const answer = await world.asSession(session, 'PUT', '/v1/provider/policy', { twoFactor, contact: { name: 'Dana', phone: null, email: null } });
    const refusal = world.refusalOf(session, { role: 'provider_staff' });
    if (refusal) return world.expect('changing the policy', answer, refusal);
    world.expect('changing the policy', answer, { status: 200 });
    session.login.provider.policy = twoFactor;
  });
};

export const accountCommands: Repertoire = {
  addsLogin: { weight: 1, prepare: addsLogin },
  removesLogin: { weight: 1, prepare: removesLogin },
  providerDisables: { weight: 3, prepare: providerDisables },
  changesPolicy: { weight: 2, prepare: changesPolicy },
};
