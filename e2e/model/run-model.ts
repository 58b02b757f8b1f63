import { SealingKeys } from '@latchkey/platform';
import { roleUrl, type RunningSystem } from '@latchkey/tools';
import fc from 'fast-check';
import pg from 'pg';
import { accountCommands } from './account-commands.ts';
import { anyCommand, ModelCommand, type Repertoire } from './command.ts';
import { timelinesTellAll } from './invariants.ts';
import { loginCommands } from './login-commands.ts';
import { makeSmaller, type Story } from './make-smaller.ts';
import { passwordCommands } from './password-commands.ts';
import { type Beginning, peopleOfARun } from './people.ts';
import { sessionCommands } from './session-commands.ts';
import { thiefCommands } from './thief-commands.ts';
import { twoFactorCommands } from './two-factor-commands.ts';
import { type Place, World } from './world.ts';

export type ModelRuns = {
  runs: number;
  seed: number;
  /** Commands of a run, at most. */
  commands?: number;
  /** Runs at the same time, each with people of its own. */
  lanes?: number;
  /** How long a failure may be made smaller, in milliseconds. */
  smallerMs?: number;
  progress?: (text: string) => void;
};

export type ModelResult = { runs: number; commands: Map<string, number>; seconds: number; repeated: number; failure: string | undefined };

const repertoire: Repertoire = { ...loginCommands, ...sessionCommands, ...twoFactorCommands, ...passwordCommands, ...accountCommands, ...thiefCommands };
export const commandNames = Object.keys(repertoire);

const flags = fc.array(fc.boolean(), { minLength: peopleOfARun, maxLength: peopleOfARun });
const anyBeginning: fc.Arbitrary<Beginning> = fc.record({
  policies: fc.tuple(fc.constantFrom('optional', 'required', 'suggested'), fc.constantFrom('optional', 'required')),
  withText: flags,
  withEmail: flags,
});

/** Drives random orders of commands against a running system, several at a time, until all are done or one shows a defect. */
export async function runModel(system: RunningSystem, { runs, seed, commands = 60, lanes = 6, smallerMs = 120_000, progress }: ModelRuns): Promise<ModelResult> {
  const startedAt = performance.now();
  const result: ModelResult = { runs: 0, commands: new Map(), seconds: 0, repeated: 0, failure: undefined };
  const failed: { story: Story; message: string; seed: number; log: readonly string[] }[] = [];
  const ticking = progress && setInterval(() => progress(`${result.runs} runs, ${total(result.commands)} commands, ${Math.round((performance.now() - startedAt) / 1000)} s`), 10_000);

  await at(system, async (place) => {
    const lane = async (index: number, share: number) => {
      const laneSeed = (seed + index) | 0;
      // At their full width from the first run on: fast-check would begin with short ones.
      const property = fc.asyncProperty(fc.noBias(anyBeginning), fc.noBias(fc.commands([anyCommand(repertoire)], { maxCommands: commands, size: 'max', disableReplayLog: true })), async (beginning, order) => {
        if (failed.length > 0) return;
        const world = await World.with(place, beginning);
        try {
          await fc.asyncModelRun(() => ({ model: world, real: world }), order);
          await timelinesTellAll(world);
          result.runs += 1;
        } catch (error) {
          failed.push({ story: { beginning, steps: world.done }, message: messageOf(error), seed: laneSeed, log: world.wire.log });
          throw error;
        } finally {
          result.repeated += world.wire.repeated;
          for (const [name] of world.done) result.commands.set(name, (result.commands.get(name) ?? 0) + 1);
        }
      });
      const { numRuns, numSkips } = await fc.check(property, { seed: laneSeed, numRuns: share, endOnFailure: true });
      if (failed.length === 0 && numRuns + numSkips < share) throw new Error('fast-check stopped before its time');
    };
    const count = Math.min(lanes, runs);
    await Promise.all(Array.from({ length: count }, (_, index) => lane(index, Math.ceil((runs - index) / count))));
    result.seconds = (performance.now() - startedAt) / 1000;
    clearInterval(ticking);
    const [first] = failed;
    if (!first) return;
    progress?.(`${first.message}\n… is made smaller now`);
    const deadline = performance.now() + smallerMs;
    const smallest = await makeSmaller(first.story, first.message, async (story) => (await tellAt(place, story)).message, deadline);
    const told = await tellAt(place, smallest);
    result.failure = told.message === undefined ? report(first.story, first.message, first.log, first.seed) : report(smallest, told.message, told.log, first.seed);
  });
  return result;
}

/** Does one story again; gives what is wrong, with its requests and answers. */
export async function runStory(system: RunningSystem, story: Story): Promise<string | undefined> {
  return at(system, async (place) => {
    const { message, log } = await tellAt(place, story);
    return message === undefined ? undefined : report(story, message, log);
  });
}

async function tellAt(place: Place, { beginning, steps }: Story): Promise<{ message: string | undefined; log: readonly string[] }> {
  const world = await World.with(place, beginning);
  try {
    for (const command of steps.map((step) => new ModelCommand(step, repertoire))) if (command.check(world)) await command.run(world);
    await timelinesTellAll(world);
    return { message: undefined, log: world.wire.log };
  } catch (error) {
    return { message: messageOf(error), log: world.wire.log };
  }
}

async function at<T>({ baseUrl, inboxUrl, instance, stack }: RunningSystem, work: (place: Place) => Promise<T>): Promise<T> {
  const pool = (owner: 'auth' | 'devices') => new pg.Pool({ connectionString: roleUrl(instance, stack.postgres.url, owner), max: 2 });
  const [auth, devices] = [pool('auth'), pool('devices')];
  try {
    return await work({ baseUrl, inboxUrl, keys: new SealingKeys(instance.state.secrets.sealingKey), auth, devices });
  } finally {
    await Promise.all([auth.end(), devices.end()]);
  }
}

const total = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((sum, count) => sum + count, 0);

// What is no mismatch is a defect of the model, or the system does not answer: then the place helps.
const messageOf = (error: unknown): string => (error instanceof Error && error.name !== 'Mismatch' ? (error.stack ?? error.message) : (error as Error).message);

const report = (story: Story, message: string, log: readonly string[], seed?: number): string =>
  [message, '', ...(seed === undefined ? [] : [`Seed ${seed}.`]), `Again: npm run model -- --story '${JSON.stringify(story)}'`, 'Requests and answers:', ...log.map((line) => (line.startsWith('#') ? line : `  ${line}`))].join('\n');

/** The commands by how often they were done, as text. */
export function summary({ runs, commands, seconds, repeated }: ModelResult): string {
  const counts = commandNames.map((name) => [name, commands.get(name) ?? 0] as const).sort((one, other) => other[1] - one[1]);
  const lines = counts.map(([name, count]) => `  ${String(count).padStart(7)}  ${name}`);
  return [`${runs} runs, ${total(commands)} commands in ${seconds.toFixed(0)} s (${(total(commands) / seconds).toFixed(1)} a second), ${repeated} requests repeated after 503`, ...lines].join('\n');
}
