import { setTimeout as wait } from 'node:timers/promises';
import { latestCode } from '@latchkey/testing';
import { startSystem } from '@latchkey/tools';
import { Redis } from 'ioredis';
import pg from 'pg';
import { ApiClient, demoPassword } from '../e2e/api-client.ts';

const rounds = 20;
const ownerPhone = '+14155550123';

/** Messages, Redis commands and SQL statements that one login costs, counted by the servers themselves. */
export async function benchLoginCost(): Promise<void> {
  const system = await startSystem({ instance: 'bench-login-cost', ports: 'free', quiet: true, throwAway: true });
  const redis = new Redis(system.stack.redis.url);
  const postgres = new pg.Client({ connectionString: system.stack.postgres.url });
  await postgres.connect();
  try {
    const newClient = () => new ApiClient(system.baseUrl);
    const code = (after: Date) => latestCode(system.inboxUrl, ownerPhone, { after });

    const byText = async (client: ApiClient) => {
      const after = new Date();
      const login = await client.post('/v1/login', { loginName: 'owner', password: demoPassword });
      const methodId = login.body.methods[0].id;
      const verified = await client.post('/v1/login/verify-code', { attempt: login.body.attempt, methodId, code: await code(after) });
      if (verified.status !== 200) throw new Error(JSON.stringify(verified.body));
      return verified.body.session;
    };
    const trusted = newClient();
    const session = await byText(trusted);
    await trusted.post('/v1/devices/trust', { deviceIds: [session.device.id] });

    const flows: Record<string, () => Promise<unknown>> = {
      'texted code, new browser': () => byText(newClient()),
      'trusted device': () => trusted.post('/v1/login', { loginName: 'owner', password: demoPassword }),
    };
    const counted = await countCommands(redis);
    // The services ask a little at rest too (the outbox is polled): measured, and taken off.
    const idle = { ...counted, transactions: await transactions(postgres) };
    await wait(4_000);
    const idlePerMs = { sent: (counted.sent - idle.sent) / 4_000, transactions: ((await transactions(postgres)) - idle.transactions) / 4_000 };

    const rows = [];
    for (const [flow, run] of Object.entries(flows)) {
      await run();
      await wait(1_500); // The database's statistics come with a delay.
      const before = { ...counted, transactions: await transactions(postgres) };
      const started = Date.now();
      for (let round = 0; round < rounds; round += 1) await run();
      await wait(1_500);
      const tookMs = Date.now() - started;
      const perFlow = (total: number) => (total / rounds).toFixed(1);
      rows.push({
        flow,
        'Redis commands sent': perFlow(counted.sent - before.sent - idlePerMs.sent * tookMs),
        'of scripts inside Redis': perFlow(counted.scripted - before.scripted),
        'SQL transactions': perFlow((await transactions(postgres)) - before.transactions - idlePerMs.transactions * tookMs),
      });
    }
    console.table(rows);
  } finally {
    redis.disconnect();
    await postgres.end();
    await system.stop();
  }
}

/** Counts what clients send to Redis, and apart from it what scripts call inside. */
async function countCommands(redis: Redis): Promise<{ sent: number; scripted: number }> {
  const counted = { sent: 0, scripted: 0 };
  const monitor = await redis.monitor();
  monitor.on('monitor', (_time: string, _command: string[], source: string) => {
    if (source === 'lua') counted.scripted += 1;
    else counted.sent += 1;
  });
  return counted;
}

async function transactions(postgres: pg.Client): Promise<number> {
  const { rows } = await postgres.query<{ count: string }>("SELECT sum(xact_commit) AS count FROM pg_stat_database WHERE datname LIKE 'latchkey%'");
  return Number(rows[0]?.count ?? 0);
}
