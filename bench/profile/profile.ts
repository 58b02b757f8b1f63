import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { StartedSystem } from '@latchkey/tools';
import { demoPassword } from '../../e2e/api-client.ts';
import { addPeople } from '../flows/people.ts';
import { type Driver, startDriver } from '../flows/start-driver.ts';
import { versionsOf, withCleanUp, withSystem, writeResult } from '../harness.ts';
import { numberOf, type Options } from '../options.ts';
import { pidOf, processorSeconds, treeProcessorSeconds } from '../processes.ts';
import { startProfiled } from './profiled-service.ts';
import { readProfile, type Summary } from './read-profile.ts';

const servers = ['rabbitmq', 'redis', 'postgres'] as const;
// In the order in which they are stopped.
const profiled = ['gateway', 'auth', 'code-issuance', 'device-trust', 'delivery-sms'] as const;

/** `processorMs`: of all its threads, as the kernel counts; the rest is of the one that runs JavaScript, as V8 samples it. */
type Profile = Summary & { processorMs: number };

/** Where the services' processor time goes in logins by texted code. Sampling costs something itself: figures tell what to look at. */
export async function benchProfile(options: Options): Promise<void> {
  const settings = { users: numberOf('users', options, 8), seconds: numberOf('seconds', options, 20) };
  const driver = await startDriver();
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-profile-'));
  const cleanUp = async () => {
    driver.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  await withCleanUp(cleanUp, () => withSystem('profile', (system) => profileSystem(system, driver, folder, settings), { AWS_ENDPOINT_URL_SNS: driver.snsUrl }));
}

async function profileSystem(system: StartedSystem, driver: Driver, folder: string, settings: { users: number; seconds: number }): Promise<void> {
  const { text } = await addPeople(system);
  for (const name of profiled) await system.services[name].stop();
  const services = await Promise.all(profiled.map((name) => startProfiled(system.services[name], folder)));
  const stop = async () => {
    for (const service of services) await service.stop();
  };
  const { flows, ...measured } = await withCleanUp(stop, async () => {
    await driver.ask({ kind: 'introduce', side: 'latchkey', baseUrl: system.baseUrl, people: { text }, password: demoPassword }, 'introduced');
    const run = async (seconds: number) => (await driver.ask({ kind: 'run', side: 'latchkey', flow: 'text', load: { kind: 'closed', users: settings.users, ms: seconds * 1_000 } }, 'outcome')).outcome;
    // What V8 compiles first is not what it runs later.
    await run(10);
    await wait(1_000);
    const used = () => [...services.map(({ pid }) => processorSeconds(pid)), ...servers.map((server) => treeProcessorSeconds([pidOf(system, server)]))];
    const [before, from] = [used(), monotonicMs()];
    const { completed, failures } = await run(settings.seconds);
    await wait(500);
    const [after, until] = [used(), monotonicMs()];
    if (Object.keys(failures).length > 0) console.log('Failed:', failures);
    return { flows: completed, from, until, processorMs: after.map((seconds, index) => Math.round(((seconds - (before[index] ?? 0)) * 100_000) / completed) / 100) };
  });
  const profiles = Object.fromEntries(services.map(({ name, file }, index): [string, Profile] => [name, { processorMs: measured.processorMs[index] ?? 0, ...readProfile(file, measured.from, measured.until, flows) }]));
  const serversMs = Object.fromEntries(servers.map((name, index) => [name, measured.processorMs[services.length + index]]));
  for (const [name, profile] of Object.entries(profiles)) print(name, profile);
  console.log(`\n${flows} logins. Processor time of each, ms:`, Object.fromEntries(Object.entries(profiles).map(([name, { processorMs }]) => [name, processorMs])), serversMs);
  writeResult('profile', await versionsOf(system), { ...settings, flows, serversMs, profiles });
}

/** The clock of V8's samples. */
const monotonicMs = () => Number(process.hrtime.bigint() / 1_000n) / 1_000;

function print(name: string, { processorMs, busyMs, packages, functions, ours }: Profile): void {
  console.log(`\n${name}: ${processorMs} ms of processor time a login, ${busyMs} ms sampled in the thread of JavaScript`);
  console.log('By package, its own code and with what it calls:');
  for (const { name: owner, selfMs, totalMs } of packages) console.log(`  ${line(selfMs)} ${line(totalMs)}  ${owner || '(native code, collecting garbage)'}`);
  console.log('By function, its own code:');
  for (const [place, ms] of Object.entries(functions)) console.log(`  ${line(ms)}  ${place}`);
  console.log('Our functions, with what they call:');
  for (const [place, ms] of Object.entries(ours)) console.log(`  ${line(ms)}  ${place}`);
}

const line = (ms: number) => ms.toFixed(2).padStart(6);
