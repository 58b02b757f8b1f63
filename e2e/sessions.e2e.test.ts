import { expect, it } from 'vitest';
import { newClient, signIn, signInOwner } from './demo.ts';
import type { ApiClient } from './api-client.ts';

const signedOut = { status: 401, body: { code: 'not_signed_in' } };

async function member() {
  const client = newClient();
  return { client, session: await signIn(client, 'member') };
}
const listed = async (client: ApiClient): Promise<any[]> => (await client.get('/v1/sessions')).body.sessions;

it('the list shows every session of the login and nobody else’s, newest first, and which one is at hand', async () => {
  const [first, second] = [await member(), await member()];
  const { session: owners } = await signInOwner(newClient());
  const sessions = await listed(first.client);
  const ids = sessions.map(({ id }) => id);
  expect(ids.slice(0, 2)).toEqual([second.session.id, first.session.id]);
  expect(ids).not.toContain(owners.id);
  expect(sessions.filter(({ current }) => current).map(({ id }) => id)).toEqual([first.session.id]);
  expect(sessions[1]).toEqual({
    id: first.session.id,
    current: true,
    assurance: 'pwd',
    device: { id: first.session.device.id, name: first.session.device.name },
    ip: expect.stringMatching(/^(127\.0\.0\.1|::1)$/),
    createdAt: expect.stringMatching(/Z$/),
    expiresAt: first.session.expiresAt,
  });
});

it('a session that another one ends is over at once, and only that one', async () => {
  const [here, ended, stays] = [await member(), await member(), await member()];
  expect((await here.client.delete(`/v1/sessions/${ended.session.id}`)).status).toBe(204);
  expect(await ended.client.get('/v1/session')).toMatchObject(signedOut);
  expect(await ended.client.get('/v1/devices')).toMatchObject(signedOut);
  expect((await stays.client.get('/v1/session')).status).toBe(200);
  expect((await listed(here.client)).map(({ id }) => id)).not.toContain(ended.session.id);
  expect(await here.client.delete(`/v1/sessions/${ended.session.id}`)).toMatchObject({ status: 404, body: { code: 'not_found' } });
});

it('nobody ends the session of another login', async () => {
  const owner = newClient();
  const { session } = await signInOwner(owner);
  const { client } = await member();
  expect(await client.delete(`/v1/sessions/${session.id}`)).toMatchObject({ status: 404, body: { code: 'not_found' } });
  expect(await client.delete('/v1/sessions/not-an-id')).toMatchObject({ status: 404, body: { code: 'not_found' } });
  expect((await owner.get('/v1/session')).status).toBe(200);
});

it('ending the others leaves the session at hand, and other logins alone', async () => {
  const owner = newClient();
  await signInOwner(owner);
  const [here, ...others] = [await member(), await member(), await member()];
  expect((await here.client.post('/v1/sessions/end-others')).status).toBe(204);
  for (const { client } of others) expect(await client.get('/v1/session')).toMatchObject(signedOut);
  expect((await listed(here.client)).map(({ id }) => id)).toEqual([here.session.id]);
  expect((await owner.get('/v1/session')).status).toBe(200);
});

it('a session can end itself, and then lists nothing any more', async () => {
  const { client, session } = await member();
  expect((await client.delete(`/v1/sessions/${session.id}`)).status).toBe(204);
  expect(await client.get('/v1/sessions')).toMatchObject(signedOut);
});

it('another site can not end sessions with the cookies of a browser', async () => {
  const [here, other] = [await member(), await member()];
  const answer = await here.client.post('/v1/sessions/end-others', {}, { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' });
  expect(answer).toMatchObject({ status: 403, body: { code: 'cross_site_request' } });
  expect((await other.client.get('/v1/session')).status).toBe(200);
});
