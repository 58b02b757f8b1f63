import { authenticatorCode, freshStep, judgeAuthenticator, judgeSent, triesOfACode, wrongCode } from './codes.ts';
import { pick, pickSession, type Prepare, type Repertoire } from './command.ts';
import { newPhoneNumber } from './people.ts';
import { ensureDefault, type MethodKind, type Session, twoFactorOn, type WaitingMethod } from './state.ts';
import { turnOff } from './turn-off.ts';
import { type Expected, refusals, type World } from './world.ts';

const passwordOf = (session: Session, how: number): string => (how % 8 === 7 ? 'not-the-password-of-anybody' : (session.login.password ?? ''));
/** What a change is told whose session is over or whose password is wrong. */
const refusalOf = (world: World, session: Session, password: string, evenBeforeSetup = true): Expected | undefined =>
  world.refusalOf(session, { evenBeforeSetup }) ?? (password === session.login.password ? undefined : refusals.wrong_password);

let addresses = 0;

const addsMethod: Prepare = (world, [who, , what, how]) => {
  const session = pickSession(world, who);
  if (!session) return undefined;
  const kind = (['sms', 'email', 'totp'] as const)[what % 3] as MethodKind;
  return async () => {
    const { login } = session;
    const password = passwordOf(session, how);
    const destination = kind === 'sms' ? newPhoneNumber() : kind === 'email' ? (login.email && how % 2 ? login.email : `${login.name}-${(addresses += 1)}@model.example`) : undefined;
    const answer = await world.asSession(session, 'POST', '/v1/two-factor/methods', { password, kind, ...(kind === 'sms' && { phoneNumber: destination }), ...(kind === 'email' && { emailAddress: destination }) });
    const refusal = refusalOf(world, session, password);
    if (refusal) return world.expect('adding a method', answer, refusal);
    world.expect('adding a method', answer, { status: 201 });
    const code = destination === undefined ? undefined : await world.mailbox.nextCode(destination);
    if (destination !== undefined) login.timeline.push('code_queued');
    const added: WaitingMethod = { id: answer.body.id, kind, destination, secret: answer.body.secret, lastStep: 0, default: false, code, tries: { wrong: 0, used: false } };
    login.waiting = [...login.waiting.filter((method) => method.kind !== kind), added];
    world.touched.add(login);
  };
};

/** By a right code, or now and then a wrong one; also of a method whose place another took. */
const confirmsMethod: Prepare = (world, [who, , what, how]) => {
  const session = pickSession(world, who, ({ login }) => login.waiting.length > 0);
  const method = session && pick(session.login.waiting, what);
  if (!session || !method) return undefined;
  const step = freshStep(method);
  const right = method.code ?? (method.secret && step !== undefined ? authenticatorCode(method.secret, step) : undefined);
  const code = how % 6 === 5 || right === undefined ? wrongCode(right, ...(method.secret ? [-1, 0, 1, 2].map((drift) => authenticatorCode(method.secret as string, Math.floor(Date.now() / 30_000) + drift)) : [])) : right;
  return async () => {
    const answer = await world.asSession(session, 'POST', `/v1/two-factor/methods/${method.id}/confirm`, { code });
    const refusal = world.refusalOf(session, { evenBeforeSetup: true });
    if (refusal) return world.expect('confirming a method', answer, refusal);
    const { tries } = method;
    const isOver = tries.used || tries.wrong >= triesOfACode;
    const verdict = isOver ? ({ is: 'over' } as const) : method.kind === 'totp' ? judgeAuthenticator(tries, method, code) : judgeSent(tries, method.code, code, method.kind);
    if (verdict.is === 'over') return world.expect('confirming with no tries left', answer, refusals.attempt_over);
    if (verdict.is === 'wrong') {
      world.expect('confirming by a wrong code', answer, { status: 401, code: 'wrong_code' });
      return world.check(answer.body.attemptsLeft === verdict.attemptsLeft, `${answer.body.attemptsLeft} tries are left to confirm and should be ${verdict.attemptsLeft}`);
    }
    world.expect('confirming a method', answer, { status: 200 });
    confirmed(world, method, session, answer.body.recoveryCodes);
  };
};

function confirmed(world: World, method: WaitingMethod, { login }: Session, recoveryCodes: string[] | undefined): void {
  login.timeline.push(twoFactorOn(login) ? 'method_added' : 'two_factor_on');
  const replaced = login.methods.find(({ kind }) => kind === method.kind);
  login.waiting = login.waiting.filter((waiting) => waiting !== method);
  method.default = replaced?.default ?? false;
  login.methods = [...login.methods.filter((one) => one !== replaced), method];
  ensureDefault(login);
  world.check((recoveryCodes !== undefined) === (login.recovery === undefined), 'recovery codes are shown the first time, and then never again');
  if (recoveryCodes) {
    world.check(new Set(recoveryCodes).size === 10, 'there are ten recovery codes');
    login.recovery = { setId: undefined, fresh: [...recoveryCodes], used: [] };
  }
  login.sessionEpoch += 1;
  world.endSessions(login);
}

/** One that counts, one that waits, or one of somebody else. */
const removesMethod: Prepare = (world, [who, , what, how]) => {
  const session = pickSession(world, who);
  if (!session) return undefined;
  const { login } = session;
  const foreign = how % 16 === 15 ? pick(world.logins.filter((other) => other !== login).flatMap(({ methods }) => methods), what) : undefined;
  const method = foreign ?? pick([...login.methods, ...login.methods, ...login.waiting], what);
  if (!method) return undefined;
  return async () => {
    const password = passwordOf(session, how);
    const answer = await world.asSession(session, 'DELETE', `/v1/two-factor/methods/${method.id}`, { password });
    const refusal = refusalOf(world, session, password) ?? (foreign ? refusals.not_found : undefined);
    if (refusal) return world.expect('removing a method', answer, refusal);
    if (login.methods.length === 1 && login.methods[0] === method) return disabled(world, session, answer);
    world.expect('removing a method', answer, { status: 204 });
    if (login.methods.includes(method)) login.timeline.push('method_removed');
    login.methods = login.methods.filter((one) => one !== method);
    login.waiting = login.waiting.filter((one) => one !== method);
    ensureDefault(login);
    login.sessionEpoch += 1;
    world.touched.add(login);
  };
};

function disabled(world: World, session: Session, answer: Parameters<World['expect']>[1]): void {
  const { login } = session;
  if (login.role !== 'provider_staff' && login.provider.policy === 'required') return world.expect('turning off what is required', answer, { status: 409, code: 'required_by_provider' });
  if (!twoFactorOn(login)) return world.expect('turning off what is off', answer, refusals.two_factor_off);
  world.expect('turning two-factor off', answer, { status: 204 });
  turnOff(world, login, 'two_factor_off', session);
}

const disables: Prepare = (world, [who, , , how]) => {
  const session = pickSession(world, who);
  return session && (async () => {
    const password = passwordOf(session, how);
    const answer = await world.asSession(session, 'POST', '/v1/two-factor/disable', { password });
    const refusal = refusalOf(world, session, password);
    if (refusal) return world.expect('turning two-factor off', answer, refusal);
    disabled(world, session, answer);
  });
};

const resets: Prepare = (world, [who, , , how]) => {
  const session = pickSession(world, who);
  return session && (async () => {
    const password = passwordOf(session, how);
    const answer = await world.asSession(session, 'POST', '/v1/two-factor/reset', { password });
    const refusal = refusalOf(world, session, password) ?? (twoFactorOn(session.login) ? undefined : refusals.two_factor_off);
    if (refusal) return world.expect('a reset', answer, refusal);
    world.expect('a reset', answer, { status: 204 });
    turnOff(world, session.login, 'two_factor_reset', session);
  });
};

const choosesDefault: Prepare = (world, [who, , what]) => {
  const session = pickSession(world, who);
  const method = session && pick([...session.login.methods, ...session.login.waiting], what);
  return session && method && (async () => {
    const { login } = session;
    const answer = await world.asSession(session, 'PUT', '/v1/two-factor/default-method', { methodId: method.id });
    const refusal = world.refusalOf(session) ?? (login.methods.includes(method) ? undefined : refusals.not_found);
    if (refusal) return world.expect('choosing the default', answer, refusal);
    world.expect('choosing the default', answer, { status: 204 });
    for (const one of login.methods) one.default = one === method;
    world.touched.add(login);
  });
};

const makesRecoveryCodes: Prepare = (world, [who, , , how]) => {
  const session = pickSession(world, who);
  return session && (async () => {
    const { login } = session;
    const password = passwordOf(session, how);
    const answer = await world.asSession(session, 'POST', '/v1/two-factor/recovery-codes', { password });
    const refusal = refusalOf(world, session, password, false) ?? (twoFactorOn(login) ? undefined : refusals.two_factor_off);
    if (refusal) return world.expect('new recovery codes', answer, refusal);
    world.expect('new recovery codes', answer, { status: 200 });
    login.recovery = { setId: undefined, fresh: [...answer.body.recoveryCodes], used: [] };
    login.timeline.push('recovery_codes_made');
    world.touched.add(login);
  });
};

export const twoFactorCommands: Repertoire = {
  addsMethod: { weight: 6, prepare: addsMethod },
  confirmsMethod: { weight: 8, prepare: confirmsMethod },
  removesMethod: { weight: 2, prepare: removesMethod },
  disables: { weight: 2, prepare: disables },
  resets: { weight: 2, prepare: resets },
  choosesDefault: { weight: 2, prepare: choosesDefault },
  makesRecoveryCodes: { weight: 2, prepare: makesRecoveryCodes },
};
