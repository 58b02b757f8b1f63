import { authenticatorCode, freshStep, judge, judgeSent, sendsOfAnAttempt, triesOfACode, wrongCode } from './codes.ts';
import { type Picks, pick, pickSession, type Prepare, type Repertoire } from './command.ts';
import { beginAttempt, enter, isAttempt, logIn, noteSent, overOrGone, proceed, resendAtOf } from './sign-in.ts';
import { type Agent, type Attempt, isStale, type Method, twoFactorOn } from './state.ts';
import { turnOff } from './turn-off.ts';
import { refusals, type World } from './world.ts';

const pickAgent = (world: World, index: number, client?: 'web' | 'app'): Agent | undefined => {
  const agent = pick(world.agents.filter((one) => !client || one.client === client), index);
  return agent && world.isTooOldToTell(agent.token) ? undefined : agent;
};
/** The newest ones come first: most of the others are over. */
const pickAttempt = (world: World, index: number): Attempt | undefined => pick([...world.attempts].reverse().slice(0, 8), index);

const logsIn: Prepare = (world, [who, where, , how]) => {
  const [login, agent] = [pick(world.logins, who), pickAgent(world, where)];
  if (!login || !agent) return undefined;
  return async () => void (await logIn(world, login, agent, how % 5 === 4 || !login.password ? 'not-the-password-of-anybody' : login.password));
};

/** Name, password and, where it is asked for, a right code. */
const signsIn: Prepare = (world, [who, where, what]) => {
  const [login, agent] = [pick(world.logins, who), pickAgent(world, where)];
  if (!login?.password || login.gone || !agent) return undefined;
  return async () => {
    const begun = await logIn(world, login, agent, login.password as string);
    if (!isAttempt(begun)) return;
    const method = begun.methods.find((one) => one.default) as Method;
    const code = method.kind === 'totp' ? freshAuthenticatorCode(method) : begun.codes.get(method.id)?.code;
    if (code !== undefined) return verify(world, begun, method, code, agent);
    const recoveryCode = pick(login.recovery?.fresh ?? [], what);
    if (recoveryCode) await verify(world, begun, 'recovery_code', recoveryCode, agent);
  };
};

function freshAuthenticatorCode(method: Method): string | undefined {
  const step = freshStep(method);
  return step === undefined || !method.secret ? undefined : authenticatorCode(method.secret, step);
}

const sendsCode: Prepare = (world, [which, , what]) => {
  const attempt = pickAttempt(world, which);
  const method = attempt && pick(attempt.methods, what);
  if (!attempt || !method) return undefined;
  return async () => {
    const askedAt = Date.now();
    const answer = await world.wire.ask('POST', '/v1/login/send-code', { attempt: attempt.secret, methodId: method.id }, { client: attempt.client });
    if (isStale(attempt) || attempt.over) return world.expect('sending for a login that is over', answer, [refusals.attempt_over, ...(attempt.stepUpOf ? [refusals.not_signed_in] : [])]);
    if (method.kind === 'totp') return world.expect('nothing is sent for an app', answer, { status: 202 });
    if (attempt.tries.used || attempt.tries.wrong >= triesOfACode) return world.expect('sending for an attempt that is over', answer, refusals.attempt_over);
    world.expect('sending again', answer, sendingAgain(askedAt, attempt.codes.get(method.id)?.resendAt ?? 0, attempt.sends));
    if (answer.status === 202) await noteSent(world, attempt, answer.body.sent, method.destination as string);
  };
};

/** What may be answered: the system's own look at the time was somewhere between the question and now. */
function sendingAgain(askedAt: number, resendAt: number, sends: number): { status: number; code?: string }[] {
  const usedUp = sends >= sendsOfAnAttempt;
  const mayBeSent = !usedUp && Date.now() >= resendAt;
  const mayHaveToWait = usedUp || askedAt < resendAt;
  return [...(mayBeSent ? [{ status: 202 }] : []), ...(mayHaveToWait ? [{ status: 429, code: 'too_many_requests' }] : [])];
}

/** The ways in which somebody types a code; undefined where there is none of the sort. */
const typedCodes: ((world: World, attempt: Attempt, method: Method, picks: Picks) => { asked: Method | 'recovery_code'; code: string } | undefined)[] = [
  // The right one.
  (_world, attempt, method) => answerOf(method, method.kind === 'totp' ? freshAuthenticatorCode(method) : (attempt.codes.get(method.id)?.code ?? [...attempt.codes.values()][0]?.code)),
  // One that was guessed.
  (_world, attempt, method) => answerOf(method, wrongCode(...[...attempt.codes.values()].map(({ code }) => code), ...(method.secret ? [-1, 0, 1, 2].map((drift) => authenticatorCode(method.secret as string, Math.floor(Date.now() / 30_000) + drift)) : []))),
  // One of another attempt, of this login or another.
  (world, _attempt, method, [, , what]) => answerOf(method, pick(world.attempts.flatMap(({ codes }) => [...codes.values()].map(({ code }) => code)).reverse(), what)),
  // An authenticator's, used before.
  (_world, _attempt, method) => (method.secret && method.lastStep > 0 ? answerOf(method, authenticatorCode(method.secret, method.lastStep)) : undefined),
  (_world, attempt, _method, [, , what]) => (isStale(attempt) ? undefined : answerOf('recovery_code', pick(attempt.recovery?.fresh ?? [], what))),
  (_world, attempt, _method, [, , what]) => (isStale(attempt) ? undefined : answerOf('recovery_code', pick(attempt.recovery?.used ?? [], what))),
  // Somebody else's recovery code.
  (world, attempt, _method, [, , what]) => (attempt.recovery && !isStale(attempt) ? answerOf('recovery_code', pick(world.logins.filter((login) => login !== attempt.login).flatMap(({ recovery }) => recovery?.fresh ?? []), what)) : undefined),
];
const answerOf = (asked: Method | 'recovery_code', code: string | undefined) => (code === undefined ? undefined : { asked, code });

const verifiesCode: Prepare = (world, [which, where, what, how]) => {
  const attempt = pickAttempt(world, which);
  const agent = attempt && pickAgent(world, where, attempt.client);
  const method = attempt && pick(attempt.methods, what);
  if (!attempt || !agent || !method) return undefined;
  const typed = typedCodes[how < 24 ? 0 : how % typedCodes.length]?.(world, attempt, method, [which, where, what >> 2, how]);
  return typed && (() => verify(world, attempt, typed.asked, typed.code, agent));
};

async function verify(world: World, attempt: Attempt, asked: Method | 'recovery_code', code: string, agent: Agent): Promise<void> {
  const { login, tries } = attempt;
  const methodId = asked === 'recovery_code' ? attempt.recovery?.setId : asked.id;
  const isOver = tries.used || tries.wrong >= triesOfACode;
  const answer = await world.asAgent(agent, 'POST', '/v1/login/verify-code', { attempt: attempt.secret, methodId, code });
  const verdict = judge(attempt, asked, code);
  if (isStale(attempt)) {
    world.check(answer.status !== 200 && !answer.session && !answer.device, `a code for what has changed since is answered with ${answer.status} ${JSON.stringify(answer.body)}`);
    login.maybe.push('code_refused wrong_code', 'code_refused attempt_over');
    return world.expect('a code for what has changed since', answer, [...overOrGone, ...(verdict.is === 'wrong' ? [{ status: 401, code: 'wrong_code' }] : [])]);
  }
  if (verdict.is === 'right') return void proceed(world, attempt, agent, answer, verdict.kind);
  const reason = verdict.is === 'wrong' ? 'wrong_code' : 'attempt_over';
  world.expect(isOver ? 'a code for an attempt that is over' : 'a wrong code', answer, { status: verdict.is === 'wrong' ? 401 : 410, code: reason });
  if (verdict.is === 'wrong') world.check(answer.body.attemptsLeft === verdict.attemptsLeft, `${answer.body.attemptsLeft} tries are left and should be ${verdict.attemptsLeft}`);
  login.timeline.push(`code_refused ${reason}`);
}

/** A method that the attempt does not have: of another login, or no method at all. */
const verifiesByForeignMethod: Prepare = (world, [which, where, what]) => {
  const attempt = pickAttempt(world, which);
  const agent = attempt && pickAgent(world, where, attempt.client);
  const foreign = attempt && pick(world.logins.filter((login) => login !== attempt.login).flatMap(({ methods }) => methods), what);
  const code = attempt && [...attempt.codes.values()][0]?.code;
  if (!attempt || !agent || !foreign || !code) return undefined;
  return async () => {
    const answer = await world.asAgent(agent, 'POST', '/v1/login/verify-code', { attempt: attempt.secret, methodId: foreign.id, code });
    world.expect('a method of somebody else', answer, isStale(attempt) ? overOrGone : refusals.not_found);
  };
};

const stepsUp: Prepare = (world, [who]) => {
  const session = pickSession(world, who);
  if (!session) return undefined;
  return async () => {
    const { login } = session;
    const answer = await world.asSession(session, 'POST', '/v1/session/step-up');
    const refusal = world.refusalOf(session) ?? (twoFactorOn(login) ? undefined : refusals.two_factor_off);
    if (refusal) return world.expect('a step-up', answer, refusal);
    world.expect('a step-up', answer, { status: 200 });
    await beginAttempt(world, login, session.client, answer, session);
  };
};

/** A code by email for who has the password and not the phone (rule 11). */
const asksForReset: Prepare = (world, [which]) => {
  const attempt = pickAttempt(world, which);
  if (!attempt) return undefined;
  return async () => {
    const { login, methods, stepUpOf, reset } = attempt;
    const askedAt = Date.now();
    const answer = await world.wire.ask('POST', '/v1/login/reset-two-factor', { attempt: attempt.secret }, { client: attempt.client });
    const isForProvider = stepUpOf !== undefined || !login.email || methods.every(({ kind }) => kind === 'email');
    const toAsk = { status: 409, code: 'ask_service_provider' };
    if (isStale(attempt) || attempt.over) return world.expect('asking for a reset in a login that is over', answer, [refusals.attempt_over, ...(isForProvider ? [toAsk] : []), ...(stepUpOf ? [refusals.not_signed_in] : [])]);
    if (isForProvider || !login.email) return world.expect('a reset that only the provider can do', answer, toAsk);
    if (reset.tries.used || reset.tries.wrong >= triesOfACode) return world.expect('asking for a reset with no tries left', answer, refusals.attempt_over);
    world.expect('asking for a reset', answer, sendingAgain(askedAt, reset.resendAt, reset.sends));
    if (answer.status !== 202) return;
    const resendAt = resendAtOf(world, answer.body.sent);
    const code = await world.mailbox.nextCode(login.email);
    world.check(reset.code === undefined || reset.code === code, 'sending again sends the same code');
    Object.assign(reset, { code, resendAt, sends: reset.sends + 1 });
    login.timeline.push('code_queued');
  };
};

const confirmsReset: Prepare = (world, [which, where, , how]) => {
  const attempt = pick(world.attempts.filter(({ reset, stepUpOf }) => reset.code !== undefined && !stepUpOf).reverse(), which >> 2);
  const agent = attempt && pickAgent(world, where, attempt.client);
  if (!attempt || !agent) return undefined;
  const { login, reset, tries } = attempt;
  const code = how % 4 === 3 ? ([...attempt.codes.values()][0]?.code ?? wrongCode(reset.code)) : (reset.code as string);
  return async () => {
    const answer = await world.asAgent(agent, 'POST', '/v1/login/reset-two-factor/confirm', { attempt: attempt.secret, code });
    const isStaleOrUsed = isStale(attempt) || tries.used || attempt.over;
    const verdict = judgeSent(reset.tries, reset.code, code, 'email');
    if (isStaleOrUsed) {
      world.check(answer.status !== 200 && !answer.session && !answer.device, `a reset in a login that is over is answered with ${answer.status} ${JSON.stringify(answer.body)}`);
      login.maybe.push('code_refused wrong_code', 'code_refused attempt_over');
      return world.expect('a reset in a login that is over', answer, [...overOrGone, ...(verdict.is === 'wrong' ? [{ status: 401, code: 'wrong_code' }] : [])]);
    }
    if (verdict.is !== 'right') {
      const reason = verdict.is === 'wrong' ? 'wrong_code' : 'attempt_over';
      login.timeline.push(`code_refused ${reason}`);
      return world.expect('a wrong code for a reset', answer, { status: verdict.is === 'wrong' ? 401 : 410, code: reason });
    }
    world.expect('a reset by email', answer, { status: 200 });
    attempt.over = true;
    attempt.tries.used = true;
    turnOff(world, login, 'two_factor_reset');
    enter(world, login, agent, answer, 'pwd+email');
  };
};

export const loginCommands: Repertoire = {
  logsIn: { weight: 6, prepare: logsIn },
  signsIn: { weight: 12, prepare: signsIn },
  sendsCode: { weight: 4, prepare: sendsCode },
  verifiesCode: { weight: 14, prepare: verifiesCode },
  verifiesByForeignMethod: { weight: 1, prepare: verifiesByForeignMethod },
  stepsUp: { weight: 3, prepare: stepsUp },
  asksForReset: { weight: 4, prepare: asksForReset },
  confirmsReset: { weight: 5, prepare: confirmsReset },
};
