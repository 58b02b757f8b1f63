import fc from 'fast-check';
import { invariants } from './invariants.ts';
import type { Session } from './state.ts';
import type { World } from './world.ts';

/** What a command chooses by: numbers, so that it means something in every state. */
export type Picks = readonly [who: number, where: number, what: number, how: number];

/** Prepares a command in a state, or finds that it can't be done there; then does it, and changes the model by what has to come of it. */
export type Prepare = (world: World, picks: Picks) => (() => Promise<void>) | undefined;

/** Commands by name, each as likely as its weight says. */
export type Repertoire = Record<string, { weight: number; prepare: Prepare }>;

/** A command as it is generated, written down and done again. */
export type Step = readonly [name: string, ...picks: Picks];

export const pick = <T>(list: readonly T[], index: number): T | undefined => (list.length === 0 ? undefined : list[index % list.length]);

/** Mostly a session that lives, now and then one that is over; the newest first. */
export function pickSession(world: World, index: number, suits: (session: Session) => boolean = () => true): Session | undefined {
  const fitting = world.sessions.filter(suits).reverse();
  const alive = fitting.filter((session) => session.alive);
  return index % 8 === 7 ? pick(fitting.filter((session) => !session.alive), index >> 3) : pick(alive, index >> 3);
}

/** A step as fast-check does it: looked at whether it can be done, done, and everything looked at afterwards. */
export class ModelCommand implements fc.AsyncCommand<World, World> {
  private readonly step: Step;
  private readonly prepare: Prepare;

  constructor(step: Step, repertoire: Repertoire) {
    const prepare = repertoire[step[0]]?.prepare;
    if (!prepare) throw new Error(`there is no command ${step[0]}`);
    this.step = step;
    this.prepare = prepare;
  }

  check(world: Readonly<World>): boolean {
    return this.prepare(world as World, this.picks) !== undefined;
  }

  async run(world: World): Promise<void> {
    const run = this.prepare(world, this.picks);
    if (!run) throw new Error('the state changed between the check and the command');
    world.begin(this.step);
    await run();
    await invariants(world);
  }

  toString(): string {
    return JSON.stringify(this.step);
  }

  private get picks(): Picks {
    const [, ...picks] = this.step;
    return picks;
  }
}

export function anyCommand(repertoire: Repertoire): fc.Arbitrary<fc.AsyncCommand<World, World>> {
  const number = fc.nat({ max: 63 });
  return fc.oneof(
    ...Object.entries(repertoire).map(([name, { weight }]) => ({
      weight,
      arbitrary: fc.tuple(number, number, number, number).map((picks): fc.AsyncCommand<World, World> => new ModelCommand([name, ...picks], repertoire)),
    })),
  );
}
