import { demoPassword } from './api-client.ts';
import { authenticatorCode, codeSentTo, newClient } from './demo.ts';
import { type Actor, freshName, type World } from './roles-world.ts';
import { addPerson, beginLogin, linkTo, logIn, messageTo, type Tenant } from './tenants.ts';

type Request = { id?: string; query?: string; body?: object; headers?: Record<string, string> };
type Make = (world: World, actor: Actor) => Request | Promise<Request>;

const password = demoPassword;
const newPassword = 'gravel umbrella seventeen';
const reason = 'Lost the phone';
const customerOf = (tenant: Tenant) => addPerson(tenant, 'customer', freshName(), { texts: true });

/** A login under way that was sent its code by text. */
async function attemptOf({ visitor }: World) {
  const { attempt, methodId, code } = await beginLogin(newClient(), visitor);
  return { attempt, methodId, code };
}

/** The secret of the link that a message brings while `cause` goes on. */
async function linkBy(page: Parameters<typeof linkTo>[0], emailAddress: string, says: RegExp, cause: () => Promise<unknown>): Promise<string> {
  const after = new Date();
  await cause();
  return linkTo(page, await messageTo(emailAddress, says, after));
}

/** A method that waits for its code, of whoever is signed in. */
async function waitingMethod({ column, client, person }: Actor): Promise<{ id: string; code: string }> {
  if (column === 'nobody') return { id: person.methodId ?? '', code: '123456' };
  const { body } = await client.post('/v1/two-factor/methods', { password, kind: 'totp' });
  return { id: body.id, code: authenticatorCode(body.secret) };
}

/** A login of the tenant's account whose invitation waits. */
async function invitedBy({ keeper }: World): Promise<string> {
  const loginName = freshName();
  return (await keeper.post('/v1/account/logins', { loginName, emailAddress: `${loginName}@people.example` })).body.id;
}

/** A right request for each row that has anything in its path or body: whatever is refused is refused for who asks. */
const requests: Record<string, Make> = {
  'POST /v1/login': (_world, { person }) => ({ body: { loginName: person.loginName, password } }),
  'POST /v1/login/send-code': async (world) => ({ body: { attempt: (await attemptOf(world)).attempt, methodId: world.visitor.emailMethodId } }),
  'POST /v1/login/send-code : method of another login': async (world) => ({ body: { attempt: (await attemptOf(world)).attempt, methodId: world.stranger.person.methodId } }),
  'POST /v1/login/verify-code': async (world) => ({ body: await attemptOf(world) }),
  'POST /v1/login/verify-code : method of another login': async (world) => ({ body: { ...(await attemptOf(world)), methodId: world.stranger.person.methodId } }),
  'POST /v1/login/brand': async (world) => ({ body: { attempt: (await attemptOf(world)).attempt } }),
  'POST /v1/login/reset-two-factor': async (world) => ({ body: { attempt: (await attemptOf(world)).attempt } }),
  'POST /v1/login/reset-two-factor/confirm': async ({ tenant }) => {
    const person = await customerOf(tenant);
    const { attempt } = await beginLogin(newClient(), person);
    const { code } = await codeSentTo(person.emailAddress, () => newClient().post('/v1/login/reset-two-factor', { attempt }));
    return { body: { attempt, code } };
  },
  'GET /v1/login/events': async (world) => ({ headers: { 'login-attempt': (await attemptOf(world)).attempt } }),
  'POST /v1/password/forgot': (_world, { person }) => ({ body: { loginName: person.loginName } }),
  'POST /v1/password/reset': async ({ tenant }) => {
    const { loginName, emailAddress } = await customerOf(tenant);
    return { body: { token: await linkBy('new-password', emailAddress, /Choose a new/, () => newClient().post('/v1/password/forgot', { loginName })), newPassword } };
  },
  'POST /v1/invitations/accept': async ({ keeper }) => {
    const loginName = freshName();
    const emailAddress = `${loginName}@people.example`;
    return { body: { token: await linkBy('invitation', emailAddress, /made a/, () => keeper.post('/v1/account/logins', { loginName, emailAddress })), password: newPassword } };
  },
  'POST /v1/not-me': async ({ tenant }) => {
    const person = await addPerson(tenant, 'customer', freshName());
    return { body: { token: await linkBy('not-me', person.emailAddress, /New login/, () => logIn(newClient(), person)) } };
  },

  'POST /v1/logout': () => ({}),
  'DELETE /v1/sessions/{id}': (_world, { session }) => ({ id: session.id }),
  'DELETE /v1/sessions/{id} : session of another login': ({ stranger }) => ({ id: stranger.session.id }),
  'POST /v1/password/change': () => ({ body: { password, newPassword } }),
  'POST /v1/devices/trust': (_world, { session }) => ({ body: { deviceIds: [session.device.id] } }),
  'POST /v1/devices/trust : device of another login': ({ stranger }) => ({ body: { deviceIds: [stranger.session.device.id] } }),
  'POST /v1/devices/forget': (_world, { session }) => ({ body: { deviceIds: [session.device.id] } }),
  'POST /v1/devices/forget : device of another login': ({ stranger }) => ({ body: { deviceIds: [stranger.session.device.id] } }),

  'POST /v1/two-factor/methods': () => ({ body: { password, kind: 'totp' } }),
  'POST /v1/two-factor/methods/{id}/confirm': async (_world, actor) => {
    const { id, code } = await waitingMethod(actor);
    return { id, body: { code } };
  },
  'POST /v1/two-factor/methods/{id}/confirm : method of another login': ({ stranger }) => ({ id: stranger.waitingMethodId, body: { code: '123456' } }),
  'PUT /v1/two-factor/default-method': ({ stranger }, { person }) => ({ body: { methodId: person.methodId ?? stranger.waitingMethodId } }),
  'PUT /v1/two-factor/default-method : method of another login': ({ stranger }) => ({ body: { methodId: stranger.person.methodId } }),
  'DELETE /v1/two-factor/methods/{id}': async (_world, actor) => ({ id: actor.person.methodId ?? (await waitingMethod(actor)).id, body: { password } }),
  'DELETE /v1/two-factor/methods/{id} : method of another login': ({ stranger }) => ({ id: stranger.person.methodId ?? '', body: { password } }),
  'POST /v1/two-factor/disable': () => ({ body: { password } }),
  'POST /v1/two-factor/reset': () => ({ body: { password } }),
  'POST /v1/two-factor/recovery-codes': () => ({ body: { password } }),

  'POST /v1/account/logins': () => ({ body: { loginName: freshName(), emailAddress: 'roles-added@people.example' } }),
  'POST /v1/account/logins/{id}/invitation': async (world) => ({ id: await invitedBy(world) }),
  'POST /v1/account/logins/{id}/invitation : login of another account': async ({ neighbours }) => ({ id: (await customerOf(neighbours)).id }),
  'DELETE /v1/account/logins/{id}': async ({ tenant }) => ({ id: (await customerOf(tenant)).id }),
  'DELETE /v1/account/logins/{id} : login of another account': async ({ neighbours }) => ({ id: (await customerOf(neighbours)).id }),
  'DELETE /v1/account/logins/{id} : login of another provider': ({ stranger }) => ({ id: stranger.person.id }),

  'POST /v1/provider/accounts': () => ({ body: { name: 'Added', owner: { loginName: freshName(), emailAddress: 'roles-added@people.example' } } }),
  'PUT /v1/provider/policy': ({ tenant: { contact } }) => ({ body: { twoFactor: 'optional', contact } }),
  'PUT /v1/provider/brand': ({ tenant: { providerName } }) => ({ body: { name: providerName, color: null, logo: null, logoUrl: null } }),
  'GET /v1/provider/logins/{id}': ({ visitor }) => ({ id: visitor.id }),
  'GET /v1/provider/logins/{id} : login of another provider': ({ stranger }) => ({ id: stranger.person.id }),
  'GET /v1/provider/logins/{id}/activity': ({ visitor }) => ({ id: visitor.id }),
  'GET /v1/provider/logins/{id}/activity : login of another provider': ({ stranger }) => ({ id: stranger.person.id }),
  'POST /v1/provider/logins/{id}/invitation': async (world) => ({ id: await invitedBy(world) }),
  'POST /v1/provider/logins/{id}/invitation : login of another provider': ({ stranger }) => ({ id: stranger.person.id }),
  'POST /v1/provider/logins/{id}/disable-two-factor': async ({ tenant }) => ({ id: (await customerOf(tenant)).id, body: { reason } }),
  'POST /v1/provider/logins/{id}/disable-two-factor : login of another provider': ({ stranger }) => ({ id: stranger.person.id, body: { reason } }),

  'GET /v1/ops/dead-letters': () => ({ query: '?queue=delivery.sms' }),
  'POST /v1/ops/dead-letters/redrive': () => ({ body: { queue: 'delivery.email', ids: [freshName()] } }),
  'POST /v1/ops/dead-letters/discard': () => ({ body: { queue: 'delivery.email', ids: [freshName()] } }),
  'PUT /v1/ops/providers': () => ({ body: { provider: 'sns', on: true } }),
  'PUT /v1/ops/channels': () => ({ body: { channel: 'email', paused: false } }),
  // Only an operator is told of any.
  'PUT /v1/ops/workers': async (_world, { client }) => ({ body: { worker: (await client.get('/v1/ops/queues')).body.workers?.[0].worker ?? 'delivery-1', draining: false } }),
  'GET /v1/ops/activity': ({ visitor }) => ({ query: `?loginId=${visitor.id}` }),
};

export const requestOf = (world: World, row: string, actor: Actor): Request | Promise<Request> => requests[row]?.(world, actor) ?? {};

/** Whoever made one of these has no session, no two-factor or another password afterwards. */
export const spends = new Set([
  'POST /v1/logout',
  'DELETE /v1/sessions/{id}',
  'POST /v1/password/change',
  'POST /v1/two-factor/methods/{id}/confirm',
  'DELETE /v1/two-factor/methods/{id}',
  'POST /v1/two-factor/disable',
  'POST /v1/two-factor/reset',
]);
