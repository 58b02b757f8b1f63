import { benchCodeLatency, benchDeliveryBacklog, benchDeliveryWorkers } from './delivery.ts';
import { benchFirstLogin } from './first-login.ts';
import { benchFlows } from './flows.ts';
import { benchFootprint } from './footprint.ts';
import { benchGrowth } from './growth/growth.ts';
import { breakOff } from './harness.ts';
import { benchHashing } from './hashing/hashing.ts';
import { benchLoginCost } from './login-cost.ts';
import { benchMemory } from './memory.ts';
import { benchMessaging } from './messaging/messaging.ts';
import { type Options, readCommandLine } from './options.ts';
import { benchOverload } from './overload.ts';
import { writePage } from './page.ts';
import { benchProfile } from './profile/profile.ts';
import { benchRequestQueues } from './request-queues.ts';
import { benchScaling } from './scaling/scaling.ts';
import { benchSoak } from './soak/soak.ts';
import { benchTracing } from './tracing.ts';
import { benchVerifyCode } from './verify-code.ts';

type Entry = { about: string; run(options: Options): Promise<void> };
const entries: Record<string, Entry> = {
  flows: { about: 'logins and session checks beside Better Auth: --rounds 3 --seconds 8 --users 16,64 --only text,text-new,app,trusted,session,forward-auth', run: benchFlows },
  'verify-code': { about: 'verify-code alone, without a password, at a fixed rate: --per-second 500 --seconds 5', run: benchVerifyCode },
  'login-cost': { about: 'messages, Redis commands and SQL statements of one login', run: benchLoginCost },
  memory: { about: 'memory of every process at rest', run: benchMemory },
  'first-login': { about: 'minutes from git clone to the first login', run: benchFirstLogin },
  overload: { about: 'what is left of the peak when three times as much comes', run: benchOverload },
  'request-queues': { about: 'requests over each kind of queue, on one node and on three', run: benchRequestQueues },
  'code-latency': { about: 'from the answer until the provider is asked for the text', run: benchCodeLatency },
  'delivery-workers': { about: 'messages a second with one, two and four workers', run: benchDeliveryWorkers },
  'delivery-backlog': { about: 'memory of a worker while a long queue drains', run: benchDeliveryBacklog },
  messaging: { about: 'requests, publishes and consumers beside amqplib alone', run: benchMessaging },
  footprint: { about: 'what a login leaves in Postgres and Redis', run: benchFootprint },
  growth: { about: 'whether a login takes longer among 10 million others: --sizes 10000,1000000,10000000', run: benchGrowth },
  hashing: { about: "passwords in libuv's pool and in worker threads; auth as one process and as two", run: benchHashing },
  scaling: { about: 'a burst of texts with workers that come and go as KEDA would have them', run: benchScaling },
  soak: { about: 'whether memory grows under logins at 70 % of the peak: --minutes 20', run: benchSoak },
  tracing: { about: 'what traces cost', run: benchTracing },
  profile: { about: "where the services' processor time goes in logins by texted code: --seconds 20 --users 8", run: benchProfile },
  page: { about: 'no bench: makes the tables of docs/performance.md from bench/results', run: async () => writePage() },
};
const list = () => Object.entries(entries).map(([name, { about }]) => `  ${name.padEnd(18)}${about}`).join('\n');

const { names, options } = commandLine();
const unknown = names.filter((name) => !(name in entries));
if (unknown.length > 0) fail(`There is no bench ${unknown.join(', ')}. There are:\n${list()}`);
if (names.length === 0) {
  console.log(`npm run bench -- <name> … [options]\n${list()}`);
  process.exit(0);
}

let broken = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    if (broken) return;
    broken = true;
    console.log('\nStopping …');
    void breakOff().then(() => process.exit(130));
  });

for (const name of names) {
  console.log(`\n# ${name}`);
  try {
    await entries[name]?.run(options);
  } catch (error) {
    // What fails because it was broken off is nothing to tell of; the signal's turn ends this process.
    if (broken) await new Promise(() => undefined);
    throw error;
  }
}
process.exit(0);

function commandLine() {
  try {
    return readCommandLine(process.argv.slice(2));
  } catch (error) {
    return fail(`${(error as Error).message}\nnpm run bench -- <name> … [options]\n${list()}`);
  }
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
