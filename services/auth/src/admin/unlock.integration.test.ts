import { Readable } from 'node:stream';
import { testRedisCluster } from '@latchkey/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { LimitFailures } from '../passwords/limit-failures.ts';
import { CommandUnderTest } from './testing/command-under-test.ts';

describe.each([
  ['one server', () => ({})],
  ['a Redis Cluster', () => ({ redisUrl: testRedisCluster() })],
])('on %s', (_, options) => {
  let latchkey: CommandUnderTest;
  beforeAll(async () => {
    latchkey = await CommandUnderTest.start(options());
  });
  afterAll(() => latchkey.stop());
  afterEach(() => vi.restoreAllMocks());

  test('unlock lets a login try at once that had to wait, and nobody else', async () => {
    const failures = new LimitFailures(latchkey.redis, { LATCHKEY_LIMITS: 'production' });
    const fail = async (name: string, ip: string) => {
      for (let tries = 0; tries < 10; tries += 1) await failures.countBeforehand(name, ip);
    };
    vi.spyOn(process, 'stdin', 'get').mockReturnValue(Readable.from(['a password that nobody has\n']) as typeof process.stdin);
    await latchkey.run('create-staff', '--login', 'Locked', '--provider', await latchkey.addProvider());
    const [{ id }] = (await latchkey.query(`SELECT id FROM logins WHERE login_name_key = 'locked'`)) as [{ id: string }];
    // Of twelve networks some lie on every node.
    const networks = Array.from({ length: 12 }, (_, network) => (network === 0 ? '2001:db8:1::7' : `203.0.113.${network}`));
    await Promise.all([...networks.map((ip) => fail('locked', ip)), fail('other', '198.51.100.9')]);
    await latchkey.redis.hset(`code-failures:{${id}}`, 'count', 12, 'lockedUntil', Date.now() + 60_000);
    await expect(failures.countBeforehand('locked', networks[1]!)).rejects.toMatchObject({ code: 'too_many_requests' });

    expect(await latchkey.run('unlock', 'LOCKED')).toBe('Locked is unlocked: wrong passwords from 12 networks and its wrong codes are forgotten.');
    for (const ip of networks) await failures.countBeforehand('locked', ip);
    expect(await latchkey.redis.exists(`code-failures:{${id}}`)).toBe(0);
    await expect(failures.countBeforehand('other', '198.51.100.9')).rejects.toMatchObject({ code: 'too_many_requests' });
    await expect(latchkey.run('unlock', 'nobody')).rejects.toThrow('There is no login nobody.');
  });
});
