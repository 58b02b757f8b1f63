import { pick, pickSession, type Prepare, type Repertoire } from './command.ts';
import { browserIdOf } from './state.ts';
import { type Expected, refusals } from './world.ts';

/** A device secret, the one in use or an older one, is copied to another browser or app. */
const copiesDevice: Prepare = (world, [, where, what]) => {
  const token = pick([...world.tokens].reverse(), what);
  const thief = pick(world.agents, where + 3);
  if (!token || !thief || world.isTooOldToTell(token)) return undefined;
  return async () => void (thief.token = token);
};

const clearsCookies: Prepare = (world, [, where]) => {
  const agent = pick(world.agents, where);
  return agent?.token === undefined ? undefined : async () => void (agent.token = undefined);
};

/** A minute goes by for one browser: what it exchanged before is old. */
const letsAMinutePass: Prepare = (world, [, where]) => {
  const agent = pick(world.agents, where);
  const browser = agent?.token === undefined ? undefined : world.browsers.get(browserIdOf(agent.token));
  if (!browser || ![...browser.secrets.values()].some(({ supersededAt }) => supersededAt !== undefined)) return undefined;
  return async () => {
    await world.place.devices.query(
      `UPDATE browsers SET secrets = (SELECT jsonb_agg(CASE WHEN secret->>'supersededAt' IS NULL THEN secret
         ELSE jsonb_set(secret, '{supersededAt}', to_jsonb(to_char((secret->>'supersededAt')::timestamptz AT TIME ZONE 'UTC' - interval '61 seconds', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))) END)
         FROM jsonb_array_elements(secrets) AS secret) WHERE id = $1`,
      [browser.id],
    );
    for (const [secret, { supersededAt }] of browser.secrets) if (supersededAt !== undefined) browser.secrets.delete(secret);
  };
};

const otherSite = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };

/** Another site makes the browser send something with its cookies: refused, whatever it is, and whoever's. */
const requestsFromAnotherSite: Prepare = (world, [who, , what, how]) => {
  const session = pickSession(world, who, ({ client }) => client === 'web');
  const [method, path, body] = pick(
    [
      ['POST', '/v1/logout', {}],
      ['POST', '/v1/sessions/end-others', {}],
      ['POST', '/v1/two-factor/disable', { password: session?.login.password }],
      ['POST', '/v1/devices/trust', { deviceIds: [session ? world.deviceOf(session)?.id : undefined] }],
      ['POST', '/v1/password/change', { password: session?.login.password, newPassword: 'chosen-by-another-site' }],
      ['POST', '/v1/login', { loginName: session?.login.name, password: session?.login.password }],
    ] as const,
    what,
  ) ?? ['POST', '/v1/logout', {}];
  return session && (async () => {
    const answer = await world.asSession(session, method, path, body, how % 2 ? otherSite : { origin: 'https://evil.example' });
    world.expect('a request from another site', answer, { status: 403, code: 'cross_site_request' });
    world.check(!answer.session && !answer.device, 'and no secret is given');
  });
};

/** Looks and acts where it has no business: other roles' routes, other people's ids, other providers' customers. */
const reachesOut: Prepare = (world, [who, , what, how]) => {
  const session = pickSession(world, who);
  const target = pick(world.logins, what);
  if (!session || !target) return undefined;
  const { login } = session;
  const isCustomer = !target.gone && target.accountId !== undefined;
  const ofStaff = (found: boolean): Expected => world.refusalOf(session, { role: 'provider_staff' }) ?? (found ? { status: 200 } : refusals.not_found);
  const probes: [method: string, path: string, body: unknown, expected: Expected][] = [
    ['GET', `/v1/provider/logins/${target.id}`, undefined, ofStaff(isCustomer && target.provider === login.provider)],
    ['GET', `/v1/provider/logins/${target.id}/activity`, undefined, ofStaff(isCustomer && target.provider === login.provider)],
    ['GET', `/v1/provider/logins?query=${target.name}`, undefined, ofStaff(true)],
    ['GET', '/v1/provider/policy', undefined, ofStaff(true)],
    ['GET', '/v1/provider/accounts', undefined, ofStaff(true)],
    ['GET', '/v1/account/logins', undefined, world.refusalOf(session, { role: 'account_owner' }) ?? { status: 200 }],
  ];
  const [method, path, body, expected] = pick(probes, how) as (typeof probes)[number];
  return async () => {
    const answer = await world.asSession(session, method, path, body, { 'x-forwarded-for': '10.0.0.1', 'x-forwarded-host': 'evil.example', 'remote-user': target.name, 'remote-role': 'operator' });
    world.expect(`${login.role} ${login.name} at ${path}`, answer, expected);
    if (answer.status !== 200) return;
    if (path.includes('?query=')) {
      const shouldFind = isCustomer && target.provider === login.provider;
      world.check(answer.body.logins.some(({ id }: { id: string }) => id === target.id) === shouldFind, `${target.name} is ${shouldFind ? '' : 'not '}one of the customers that ${login.name} finds`);
    }
    if (path === '/v1/account/logins') {
      const own = world.logins.filter((one) => !one.gone && one.accountId === login.accountId).map(({ id }) => id);
      world.check(JSON.stringify(answer.body.logins.map(({ id }: { id: string }) => id).sort()) === JSON.stringify(own.sort()), 'the owner sees the logins of its account and no other');
    }
  };
};

/** A secret that nobody was given. */
const guessesSecrets: Prepare = (world, [who, , what]) => {
  const session = pickSession(world, who);
  const attempt = pick(world.attempts, what);
  return session && (async () => {
    const guessed = { ...session, secret: `${session.secret.slice(0, -8)}AAAAAAAA` };
    world.expect('a guessed session', await world.asSession(guessed, 'GET', '/v1/session'), refusals.not_signed_in);
    if (!attempt) return;
    const answer = await world.wire.ask('POST', '/v1/login/verify-code', { attempt: `${attempt.secret.slice(0, -8)}AAAAAAAA`, methodId: attempt.methods[0]?.id, code: '123456' }, { client: attempt.client });
    world.expect('a guessed attempt', answer, refusals.attempt_over);
  });
};

export const thiefCommands: Repertoire = {
  copiesDevice: { weight: 4, prepare: copiesDevice },
  clearsCookies: { weight: 2, prepare: clearsCookies },
  letsAMinutePass: { weight: 3, prepare: letsAMinutePass },
  requestsFromAnotherSite: { weight: 1, prepare: requestsFromAnotherSite },
  reachesOut: { weight: 4, prepare: reachesOut },
  guessesSecrets: { weight: 1, prepare: guessesSecrets },
};
