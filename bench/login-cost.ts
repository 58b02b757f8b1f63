import { setTimeout as wait } from 'node:timers/promises';
import { generateSync } from 'otplib';
import { ApiClient, demoPassword } from '../e2e/api-client.ts';
import { type Counts, costOf, countCommands, countMessages, countStatements, type Kind, restingRate } from './counters.ts';
import { signInByText, versionsOf, withSystem, writeResult } from './harness.ts';

const rounds = 20;
const restMs = 10_000;
const stepSeconds = 30;

/** For a login by texted code. */
const targets: Partial<Record<Kind, number>> = { request: 5, event: 3, redis: 12, sql: 6 };

type Round = () => Promise<unknown>;
type Flow = { name: string; /** Warms up what is made once (connections, scripts), and is not counted. */ first: Round; counted: Round[] };
type LoginCost = { flow: string; rounds: number; perLogin: Record<Kind, number>; what: Record<string, Record<string, number>> };

/** Messages, Redis commands and SQL statements that one login costs, counted by the servers themselves. */
export async function benchLoginCost(): Promise<void> {
  await withSystem('login-cost', async (system) => {
    const newClient = () => new ApiClient(system.baseUrl);
    const byText = (client: ApiClient) => signInByText(client, system.inboxUrl);
    const byPassword = (client: ApiClient) => signedIn(client.post('/v1/login', { loginName: 'owner', password: demoPassword }));

    const statements = await countStatements(system);
    const known = newClient();
    await byText(known);
    const trusted = newClient();
    const { device } = await byText(trusted);
    await trusted.post('/v1/devices/trust', { deviceIds: [device.id] });

    const counters = [await countMessages(system), await countCommands(system), statements];
    const read = async (): Promise<Counts> => (await Promise.all(counters.map((counter) => counter.read()))).flat();
    const resting = await restingRate(read, restMs);
    const flows: (() => Flow | Promise<Flow>)[] = [
      () => repeated('texted code, new browser', () => byText(newClient())),
      () => repeated('texted code, known browser, not trusted', () => byText(known)),
      () => repeated('trusted browser', () => byPassword(trusted)),
      () => authenticatorFlow(newClient),
    ];
    const costs: LoginCost[] = [];
    for (const flow of flows) costs.push(await loginCost(await flow(), read, resting));
    await Promise.all(counters.map((counter) => counter.close()));

    console.table(Object.fromEntries(costs.map(({ flow, perLogin }) => [flow, perLogin])));
    for (const { flow, what } of costs) console.log(`\n${flow}:\n${describe(what)}`);
    report(costs);
    writeResult('login-cost', await versionsOf(system), { targets, restMs, costs });
  });
}

const repeated = (name: string, round: Round): Flow => ({ name, first: round, counted: Array.from({ length: rounds }, () => round) });

async function signedIn(answer: Promise<{ status: number; body: { status?: string } }>): Promise<void> {
  const { status, body } = await answer;
  if (body.status !== 'signed_in') throw new Error(`not signed in: ${status} ${JSON.stringify(body)}`);
}

async function loginCost({ name, first, counted }: Flow, read: () => Promise<Counts>, resting: Map<string, number>): Promise<LoginCost> {
  await first();
  const { each, what } = await costOf(read, resting, async () => {
    for (const round of counted) await round();
    return counted.length;
  });
  return { flow: name, rounds: counted.length, perLogin: each, what };
}

/**
 * A code is good for one login, and there is a new one every 30 seconds only. With one step of drift allowed, a login
 * takes three without a wait: the last step's to confirm the app, this one's and the next one's to log in. Three logins
 * give one to warm up and five to count.
 */
async function authenticatorFlow(newClient: () => ApiClient): Promise<Flow> {
  const leftMs = () => stepSeconds * 1_000 - (Date.now() % (stepSeconds * 1_000));
  if (leftMs() < 15_000) await wait(leftMs() + 100);
  const step = Math.floor(Date.now() / 1_000 / stepSeconds);
  const codes: { loginName: string; methodId: string; code: string }[] = [];
  for (const loginName of ['member', 'dealer', 'operator']) {
    const client = newClient();
    await signedIn(client.post('/v1/login', { loginName, password: demoPassword }));
    const { status, body } = await client.post('/v1/two-factor/methods', { password: demoPassword, kind: 'totp' });
    if (status !== 201) throw new Error(`no authenticator app for ${loginName}: ${status} ${JSON.stringify(body)}`);
    const codeOf = (offset: number) => generateSync({ secret: body.secret, epoch: (step + offset) * stepSeconds });
    const confirmed = await client.post(`/v1/two-factor/methods/${body.id}/confirm`, { code: codeOf(-1) });
    if (confirmed.status !== 200) throw new Error(`code of ${loginName} refused: ${confirmed.status} ${JSON.stringify(confirmed.body)}`);
    codes.push(...[0, 1].map((offset) => ({ loginName, methodId: body.id, code: codeOf(offset) })));
  }
  const [first, ...counted] = codes.map(({ loginName, methodId, code }) => async () => {
    const client = newClient();
    const login = await client.post('/v1/login', { loginName, password: demoPassword });
    await signedIn(client.post('/v1/login/verify-code', { attempt: login.body.attempt, methodId, code }));
  });
  return { name: 'authenticator code, new browser', first: first!, counted };
}

function describe(what: LoginCost['what']): string {
  return Object.entries(what)
    .flatMap(([kind, things]) => Object.entries(things).map(([thing, count]) => `  ${kind.padEnd(22)}${String(count).padStart(5)}  ${thing.slice(0, 140)}`))
    .join('\n');
}

function report(costs: LoginCost[]): void {
  for (const { flow, perLogin } of costs.filter((cost) => cost.flow.startsWith('texted code'))) {
    const compared = Object.entries(targets).map(([kind, most]) => ({ kind, most, is: perLogin[kind as Kind] }));
    const over = compared.filter(({ is, most }) => is > most).map(({ kind }) => kind);
    console.log(`\n${flow}: ${compared.map(({ kind, is, most }) => `${kind} ${is} of ${most}`).join(', ')}. ${over.length === 0 ? 'Within all targets.' : `Over target: ${over.join(', ')}.`}`);
  }
}
