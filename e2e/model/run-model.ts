import { SealingKeys } from '@latchkey/platform';
import { roleUrl, type RunningSystem } from '@latchkey/tools';
import fc from 'fast-check';
import pg from 'pg';
import { accountCommands } from './account-commands.ts';
import { anyCommand, done } from './command.ts';
import { timelinesTellAll } from './invariants.ts';
import { loginCommands } from './login-commands.ts';
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
  /** To run one failure again: where fast-check found it, and which of its commands were done. */
  again?: { path: string; replayPath: string };
  progress?: (text: string) => void;
};

export type ModelResult = { runs: number; commands: Map<string, number>; seconds: number; repeated: number; failure: string | undefined };

const repertoire = { ...loginCommands, ...sessionCommands, ...twoFactorCommands, ...passwordCommands, ...accountCommands, ...thiefCommands };
export const commandNames = Object.keys(repertoire);
/** Making a failure smaller stops after so long. */
const shrinkMs = 120_000;

const beginning: fc.Arbitrary<Beginning> = fc.record({
  policies: fc.tuple(fc.constantFrom('optional', 'required', 'suggested'), fc.constantFrom('optional', 'required')),
  withText: fc.array(fc.boolean(), { minLength: peopleOfARun, maxLength: peopleOfARun }),
  withEmail: fc.array(fc.boolean(), { minLength: peopleOfARun, maxLength: peopleOfARun }),
});

/** Drives random orders of commands against a running system, several at a time, until all are done or one shows a defect. */
export async function runModel(system: RunningSystem, { runs, seed, commands = 60, lanes = 6, again, progress }: ModelRuns): Promise<ModelResult> {
  const { baseUrl, inboxUrl, instance, stack } = system;
  const pool = (owner: 'auth' | 'devices') => new pg.Pool({ connectionString: roleUrl(instance, stack.postgres.url, owner), max: 2 });
  const place: Place = { baseUrl, inboxUrl, keys: new SealingKeys(instance.state.secrets.sealingKey), auth: pool('auth'), devices: pool('devices') };
  const startedAt = performance.now();
  const state = { runs: 0, repeated: 0, failure: undefined as string | undefined };
  const lane = async (index: number, share: number) => {
    const laneSeed = (seed + index) | 0;
    let failedAt: number | undefined;
    let log: string[] = [];
    const property = fc.asyncProperty(beginning, fc.commands([anyCommand(repertoire)], { maxCommands: commands, size: 'max', ...(again && { replayPath: again.replayPath }) }), async (begin, order) => {
      // Another lane has failed, or this one was made small for long enough.
      if ((state.failure && failedAt === undefined) || (failedAt !== undefined && performance.now() - failedAt > shrinkMs)) return;
      const world = await World.begin(place, begin);
      try {
        await fc.asyncModelRun(() => ({ model: world, real: world }), order);
        await timelinesTellAll(world);
        state.runs += 1;
      } catch (error) {
        if (failedAt === undefined) progress?.(`lane ${index} failed, made smaller now: ${(error as Error).message}`);
        failedAt ??= performance.now();
        state.failure ??= 'being made smaller';
        log = world.wire.log;
        throw error;
      } finally {
        state.repeated += world.wire.repeated;
      }
    });
    const result = await fc.check(property, { seed: laneSeed, numRuns: share, ...(again && { path: again.path }) });
    if (result.failed) state.failure = report(result, laneSeed, log);
  };
  const ticking = progress && setInterval(() => progress(`${state.runs} runs, ${total(done)} commands, ${Math.round((performance.now() - startedAt) / 1000)} s`), 10_000);
  done.clear();
  try {
    const count = again ? 1 : Math.min(lanes, runs);
    await Promise.all(Array.from({ length: count }, (_, index) => lane(index, Math.ceil((runs - index) / count))));
  } finally {
    clearInterval(ticking);
    await Promise.all([place.auth.end(), place.devices.end()]);
  }
  return { ...state, commands: new Map(done), seconds: (performance.now() - startedAt) / 1000 };
}

const total = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((sum, count) => sum + count, 0);

function report(result: fc.RunDetails<[begin: Beginning, order: Iterable<fc.AsyncCommand<World, World>>]>, seed: number, log: readonly string[]): string {
  const [begin, order] = result.counterexample ?? [];
  const error = result.errorInstance as Error | undefined;
  const replayPath = /replayPath="([^"]*)"/.exec(String(order))?.[1] ?? '';
  return [
    error?.message ?? 'no run went through',
    '',
    `Begins with ${JSON.stringify(begin)}`,
    `Commands: ${[...(order ?? [])].map(String).join(', ')}`,
    `Made smaller ${result.numShrinks} times. Again: npm run model -- --seed ${seed} --path ${result.counterexamplePath} --replay ${replayPath}`,
    'Requests and answers:',
    ...log.map((line) => (line.startsWith('#') ? line : `  ${line}`)),
    ...(error?.stack && error.name !== 'Mismatch' ? [error.stack] : []),
  ].join('\n');
}

/** The commands by how often they were done, as text. */
export function summary({ runs, commands, seconds, repeated }: ModelResult): string {
  const lines = commandNames.map((name) => [name, commands.get(name) ?? 0] as const).sort((one, other) => other[1] - one[1]);
  return [`${runs} runs, ${total(commands)} commands in ${seconds.toFixed(0)} s (${(total(commands) / seconds).toFixed(1)} a second), ${repeated} repeated after 503`, ...lines.map(([name, count]) => `  ${String(count).padStart(7)}  ${name}`)].join('\n');
}
