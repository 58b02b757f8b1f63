import { serversOf } from '@latchkey/platform';
import { testRedisCluster } from '@latchkey/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AuthUnderTest, Browser } from './testing/auth-under-test.ts';

let auth: AuthUnderTest;
beforeAll(async () => {
  auth = await AuthUnderTest.start({ limits: 'production', redisUrl: testRedisCluster() });
});
afterAll(() => auth.stop());

test('on a Redis Cluster sessions of many logins lie on all nodes, and each is found, listed and ended', async () => {
  const browser = new Browser('web', '198.51.100.20');
  const names = Array.from({ length: 12 }, (_, number) => `clustered-${number}`);
  for (const name of names) await auth.addCustomer(name);
  const sessions = await Promise.all(names.map(async (name) => [await auth.signIn(name, browser), await auth.signIn(name, browser)] as const));
  for (const [kept, ended] of sessions) {
    expect((await auth.ask('session.list', { sessionHash: kept })).sessions).toHaveLength(2);
    await auth.ask('session.end-others', { sessionHash: kept });
    await expect(auth.ask('session.get', { sessionHash: ended })).rejects.toMatchObject({ code: 'not_signed_in' });
    expect(await auth.ask('session.get', { sessionHash: kept })).toMatchObject({ assurance: 'pwd' });
  }
  const servers = await serversOf(auth.redis);
  expect(servers).toHaveLength(3);
  for (const server of servers) expect(await server.keys('sessions:*')).not.toEqual([]);
});

test('on a Redis Cluster wrong passwords are limited by name and network, and a right one forgives', async () => {
  const browser = new Browser('web', '198.51.100.77');
  await auth.addCustomer('guessed');
  const guess = () => auth.start('guessed', { browser, password: 'not the password' }).then(() => 'right', (error: { code: string }) => error.code);
  for (let tries = 0; tries < 9; tries += 1) expect(await guess()).toBe('invalid_credentials');
  await auth.signIn('guessed', browser);
  for (let tries = 0; tries < 10; tries += 1) expect(await guess()).toBe('invalid_credentials');
  expect(await guess()).toBe('too_many_requests');
});
