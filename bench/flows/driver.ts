import { standInSns } from '../stand-in-sns.ts';
import { betterAuthFlows } from './better-auth.ts';
import { Texts } from './codes.ts';
import { type Flows, latchkeyFlows } from './latchkey.ts';
import { carry } from './load.ts';
import type { FlowName, Job, Report, Side } from './plan.ts';

// A process of its own for everybody outside of what is measured: the people, their browsers, and the provider that their
// texts go through, which answers after 5 ms.
const texts = new Texts();
const provider = await standInSns(5, ({ to, text }) => texts.add(to, text));
const flows: Partial<Record<Side, Flows>> = {};

const report = (message: Report) => void process.send?.(message);

async function work(job: Job): Promise<Report> {
  if (job.kind === 'introduce') {
    const flowsOf = job.side === 'latchkey' ? latchkeyFlows : betterAuthFlows;
    flows[job.side] = await flowsOf(job.baseUrl, job.people, job.password, texts);
    return { kind: 'introduced' };
  }
  const known = flows[job.side];
  if (!known) throw new Error(`${job.side} was not introduced`);
  const mix = [job.flow].flat();
  let turn = 0;
  const next = () => known[mix[turn++ % mix.length] as FlowName]();
  return { kind: 'outcome', outcome: await carry(job.load, next) };
}

process.on('message', (job: Job) => void work(job).then(report, (error: Error) => report({ kind: 'broken', message: error.message })));
// Whoever started it has ended.
process.once('disconnect', () => process.exit(0));
report({ kind: 'ready', snsUrl: provider.url });
