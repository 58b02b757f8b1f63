import { Agent, request as httpRequest } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Answer, Plan } from './plan.ts';

// A process of its own, so that what driving costs is not mixed up with anything measured, and as little of it as can be:
// plain node:http on sockets that are kept.
const agent = new Agent({ keepAlive: true, maxSockets: 2_000 });

process.once('message', (plan: Plan) => {
  void run(plan).then((answers) => process.send?.(answers, () => process.disconnect()));
});

async function run(plan: Plan): Promise<Answer[]> {
  return plan.load.kind === 'closed' ? closedLoop(plan, plan.load.users) : openLoop(plan, plan.load.perSecond);
}

async function closedLoop(plan: Plan, users: number): Promise<Answer[]> {
  const until = performance.now() + plan.ms;
  const answers: Answer[] = [];
  let turn = 0;
  await Promise.all(
    Array.from({ length: users }, async () => {
      while (performance.now() < until) answers.push(await send(plan, (turn += 1), performance.now()));
    }),
  );
  return answers;
}

async function openLoop(plan: Plan, perSecond: number): Promise<Answer[]> {
  const startedAt = performance.now();
  const underWay: Promise<Answer>[] = [];
  for (let turn = 0; ; turn += 1) {
    const dueAt = startedAt + (turn / perSecond) * 1000;
    if (dueAt > startedAt + plan.ms) return Promise.all(underWay);
    if (dueAt > performance.now()) await wait(dueAt - performance.now());
    underWay.push(send(plan, turn, dueAt));
  }
}

function send({ baseUrl, requests }: Plan, turn: number, dueAt: number): Promise<Answer> {
  const chosen = requests[turn % requests.length];
  if (!chosen) throw new Error('a plan without requests');
  const body = chosen.body === undefined ? undefined : JSON.stringify(chosen.body);
  const headers = { ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }), ...chosen.headers };
  return new Promise((resolve) => {
    const done = (status: number, retryAfter = 0) => resolve({ status, tookMs: performance.now() - dueAt, retryAfter });
    const outgoing = httpRequest(`${baseUrl}${chosen.path}`, { method: chosen.method, agent, headers, timeout: 15_000 }, (response) => {
      response.resume();
      response.once('end', () => done(response.statusCode ?? 0, Number(response.headers['retry-after'] ?? 0)));
    });
    outgoing.once('error', () => done(0));
    outgoing.once('timeout', () => outgoing.destroy());
    outgoing.end(body);
  });
}
