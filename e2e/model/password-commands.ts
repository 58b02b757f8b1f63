import { pick, pickSession, type Prepare, type Repertoire } from './command.ts';
import { noteLink } from './sign-in.ts';
import { type Login, passedTwoFactor, type Session, trusts } from './state.ts';
import { refusals, type World } from './world.ts';

let passwords = 0;
const newPassword = () => `a-new-password-of-the-model-${(passwords += 1)}`;

const changesPassword: Prepare = (world, [who, , , how]) => {
  const session = pickSession(world, who);
  return session && (async () => {
    const { login } = session;
    const [password, chosen] = [how % 8 === 7 ? 'not-the-password-of-anybody' : login.password, newPassword()];
    const answer = await world.asSession(session, 'POST', '/v1/password/change', { password, newPassword: chosen });
    const refusal = world.refusalOf(session) ?? (password === login.password ? undefined : refusals.wrong_password);
    if (refusal) return world.expect('changing the password', answer, refusal);
    world.expect('changing the password', answer, { status: 204 });
    chose(world, login, chosen, 'changed', session);
  });
};

/** All trust goes, but of the device that just passed two-factor itself; all sessions end but the one at hand; links are worth nothing. */
function chose(world: World, login: Login, chosen: string, how: 'changed' | 'reset' | 'chosen', session?: Session): void {
  const device = session && world.deviceOf(session);
  const carried = session && passedTwoFactor(session) && trusts(login, device) ? device : undefined;
  login.password = chosen;
  login.newPasswordRequired = false;
  login.trustEpoch += 1;
  login.sessionEpoch += 1;
  if (carried) carried.trustedIn = login.trustEpoch;
  for (const link of login.links) link.good = false;
  login.timeline.push(`password_changed ${how}`);
  world.endSessions(login, session);
}

const forgetsPassword: Prepare = (world, [who]) => {
  const login = pick(world.logins, who);
  return login && (async () => {
    const answer = await world.wire.ask('POST', '/v1/password/forgot', { loginName: who % 8 === 7 ? `${login.name}-unknown` : login.name }, { client: 'web' });
    world.expect('a forgotten password', answer, { status: 202 });
    if (who % 8 === 7 || login.gone || login.password === undefined) return;
    login.timeline.push('password_reset_asked');
    if (login.email) await noteLink(world, login, login.email, 'new-password');
  });
};

/** By a link: the newest, a used one, one that another took the place of; also an invitation's where a password's belongs. */
const usesLink: Prepare = (world, [who, , what, how]) => {
  const login = pick(world.logins.filter(({ links }) => links.length > 0), who);
  const link = login && pick([...login.links].reverse(), how % 4 === 3 ? what : 0);
  if (!login || !link) return undefined;
  return async () => {
    const page = how % 16 === 15 ? (link.page === 'invitation' ? 'new-password' : 'invitation') : link.page;
    const chosen = newPassword();
    const answer = page === 'new-password' ? await world.wire.ask('POST', '/v1/password/reset', { token: link.token, newPassword: chosen }, { client: 'web' }) : await world.wire.ask('POST', '/v1/invitations/accept', { token: link.token, password: chosen }, { client: 'web' });
    world.check(!answer.session && !answer.device, 'a link signs nobody in');
    if (login.gone || !link.good || page !== link.page) return world.expect('a link that is worth nothing', answer, refusals.link_over);
    world.expect('a link', answer, { status: 204 });
    chose(world, login, chosen, page === 'invitation' ? 'chosen' : 'reset');
  };
};

/** "This wasn't me", by the link of a notice that came to the login's own address; used before, now and then. */
const saysNotMe: Prepare = (world, [who, , what, how]) => {
  const login = pick(world.logins.filter(({ email }) => email !== undefined), who);
  if (!login) return undefined;
  return async () => {
    const links = await world.mailbox.notMeLinks(login.email as string);
    const token = how % 4 === 3 ? pick([...login.usedNotMe], what) : pick(links.filter((link) => !login.usedNotMe.has(link)), what);
    if (token === undefined) return;
    const answer = await world.wire.ask('POST', '/v1/not-me', { token }, { client: 'web' });
    if (login.gone || login.usedNotMe.has(token)) return world.expect('a link of a notice, again', answer, refusals.link_over);
    world.expect('a link of a notice', answer, { status: 204 });
    login.usedNotMe.add(token);
    login.newPasswordRequired = true;
    login.trustEpoch += 1;
    login.sessionEpoch += 1;
    login.timeline.push('not_me');
    world.endSessions(login);
  };
};

export const passwordCommands: Repertoire = {
  changesPassword: { weight: 3, prepare: changesPassword },
  forgetsPassword: { weight: 2, prepare: forgetsPassword },
  usesLink: { weight: 5, prepare: usesLink },
  saysNotMe: { weight: 1, prepare: saysNotMe },
};
