import { benchCodeLatency, benchDeliveryBacklog, benchDeliveryWorkers } from './delivery.ts';
import { benchFirstLogin } from './first-login.ts';
import { benchFootprint } from './footprint.ts';
import { breakOff } from './harness.ts';
import { benchLoginCost } from './login-cost.ts';
import { benchMemory } from './memory.ts';
import { benchMessaging } from './messaging/messaging.ts';
import { benchOverload } from './overload.ts';
import { benchScaling } from './scaling/scaling.ts';
import { benchRequestQueues } from './request-queues.ts';
import { benchTracing } from './tracing.ts';

const entries: Record<string, () => Promise<void>> = {
  'login-cost': benchLoginCost,
  memory: benchMemory,
  'first-login': benchFirstLogin,
  overload: benchOverload,
  'request-queues': benchRequestQueues,
  'code-latency': benchCodeLatency,
  'delivery-workers': benchDeliveryWorkers,
  'delivery-backlog': benchDeliveryBacklog,
  messaging: benchMessaging,
  footprint: benchFootprint,
  scaling: benchScaling,
  tracing: benchTracing,
};
const wanted = process.argv.slice(2).filter((name) => !name.startsWith('-'));
const unknown = wanted.filter((name) => !(name in entries));
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}. There are: ${Object.keys(entries).join(', ')}`);
  process.exit(1);
}
let broken = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    if (broken) return;
    broken = true;
    console.log('\nStopping …');
    void breakOff().then(() => process.exit(130));
  });

for (const name of wanted.length > 0 ? wanted : Object.keys(entries)) {
  console.log(`\n# ${name}`);
  try {
    await entries[name]?.();
  } catch (error) {
    // What fails because it was broken off is nothing to tell of; the signal's turn ends this process.
    if (broken) await new Promise(() => undefined);
    throw error;
  }
}
process.exit(0);
