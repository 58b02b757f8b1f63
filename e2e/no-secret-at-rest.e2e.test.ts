import { readFileSync } from 'node:fs';
import { connectRedis, createLogger, serversOf } from '@latchkey/platform';
import { latestCode } from '@latchkey/testing';
import amqp from 'amqplib';
import pg from 'pg';
import { expect, it } from 'vitest';
import { demoPassword } from './api-client.ts';
import { newClient, ownerPhone, system } from './demo.ts';
import { traceFile } from './traces.ts';

it('after a hundred logins no queue, cache, table, log or trace holds a code, a password or a full phone number', { timeout: 180_000 }, async () => {
  const secrets = new Set<string>([demoPassword, ownerPhone, ownerPhone.slice(1)]);
  const codes = new Set<string>();
  // A worker that stays away leaves its messages in the queue, where anybody with the broker could read them.
  for (let login = 0; login < 100; login += 1) {
    const client = newClient();
    const after = new Date();
    const answer = await client.post('/v1/login', { loginName: 'owner', password: demoPassword });
    const code = await latestCode(system().inboxUrl, ownerPhone, { after });
    codes.add(code);
    const verified = await client.post('/v1/login/verify-code', { attempt: answer.body.attempt, methodId: answer.body.methods[0].id, code });
    expect(verified.status).toBe(200);
    secrets.add(answer.body.attempt);
    secrets.add(client.cookie('__Host-session') ?? '');
  }
  secrets.delete('');
  // Six digits appear by chance in ids and times: a code counts where it stands alone.
  const leaks = (text: string) => [...secrets].filter((secret) => text.includes(secret)).concat([...codes].filter((code) => new RegExp(`(?<![\\w.-])${code}(?![\\w.-])`).test(text)));

  for (const [place, text] of await everythingAtRest()) expect(leaks(text), place).toEqual([]);
});

async function everythingAtRest(): Promise<[string, string][]> {
  const places: [string, string][] = Object.entries(system().logPaths).map(([name, path]) => [`log of ${name}`, readFileSync(path, 'utf8')]);
  places.push(['traces', readFileSync(traceFile(), 'utf8')]);

  const redis = connectRedis(system().redisUrl, createLogger('test', 'fatal'));
  for (const server of await serversOf(redis)) {
    for (const key of await server.keys('*')) {
      const dump = await server.dumpBuffer(key);
      const type = await server.type(key);
      const value = type === 'string' ? await server.get(key) : type === 'hash' ? JSON.stringify(await server.hgetall(key)) : '';
      places.push([`redis ${type}`, `${key} ${value} ${dump?.toString('latin1') ?? ''}`]);
    }
  }
  redis.disconnect();

  for (const [owner, url] of Object.entries(system().roleUrls)) {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query<{ table_name: string }>('SELECT table_name FROM information_schema.tables WHERE table_schema = $1', [owner]);
    for (const { table_name: table } of rows) {
      const { rows: contents } = await client.query(`SELECT row_to_json(t)::text AS line FROM "${owner}"."${table}" t`);
      places.push([`table ${owner}.${table}`, contents.map(({ line }: { line: string }) => line).join('\n')]);
    }
    await client.end();
  }

  const connection = await amqp.connect(system().amqpUrl);
  const channel = await connection.createChannel();
  for (const queue of ['delivery.sms', 'delivery.email', 'delivery.sms.dead', 'delivery.email.dead']) {
    for (let message = await channel.get(queue); message; message = await channel.get(queue)) {
      places.push([`queue ${queue}`, `${message.content.toString()} ${JSON.stringify(message.properties)}`]);
    }
  }
  await connection.close(); // Without an acknowledgement they all go back.
  return places;
}

it('no role reads the tables of another service', async () => {
  const urls = Object.entries(system().roleUrls);
  for (const [owner, url] of urls) {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    for (const [other] of urls.filter(([name]) => name !== owner)) {
      await expect(client.query(`SELECT * FROM "${other}".migrations`), `${owner} reads ${other}`).rejects.toThrow(/permission denied/);
    }
    await client.end();
  }
});
