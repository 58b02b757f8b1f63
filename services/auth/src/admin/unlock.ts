import { type RedisClient, serversOf } from '@latchkey/platform';
import { loginNameKey } from '../logins/login-name.ts';
import { failuresOf } from '../passwords/limit-failures.ts';
import type { Command } from './command.ts';
import { CommandFailure } from './command-failure.ts';

/** Forgets what a login failed at, so that its owner need not wait: wrong passwords from anywhere, and wrong codes. */
export const unlock: Command = {
  usage: '<loginName>',
  summary: 'Forgets the wrong passwords and wrong codes of a login, which then waits for nothing.',
  names: { least: 1, most: 1 },
  async run({ database, redis, say }, { names: [loginName = ''] }) {
    const key = loginNameKey(loginName);
    const [login] = await database.query<{ id: string; loginName: string }[]>('SELECT id, login_name AS "loginName" FROM logins WHERE login_name_key = $1', [key]);
    if (!login) throw new CommandFailure(`There is no login ${loginName}.`);
    const cache = redis();
    const passwords = (await forgetPasswords(cache, key)) + (await forgetPasswords(cache, `session of ${login.id}`));
    // Written by code-issuance (codes/attempt-keys.ts): what makes a login wait, and what turned a method off.
    const codes = await cache.del(`code-failures:{${login.id}}`, `code-method-failures:{${login.id}}`);
    say(passwords + codes === 0 ? `${login.loginName} was not waiting for anything.` : `${login.loginName} is unlocked: wrong passwords from ${passwords} networks and ${codes === 0 ? 'no' : 'its'} wrong codes are forgotten.`);
  },
};

/** Failures are counted for each network that a name was tried from; on a Redis Cluster those lie anywhere, each in a slot of its own. */
async function forgetPasswords(redis: RedisClient, name: string): Promise<number> {
  let forgotten = 0;
  for (const server of await serversOf(redis)) {
    for await (const keys of server.scanStream({ match: failuresOf(name, '*'), count: 1_000 }) as AsyncIterable<string[]>)
      forgotten += (await Promise.all(keys.map((key) => redis.del(key)))).reduce((sum, gone) => sum + gone, 0);
  }
  return forgotten;
}
