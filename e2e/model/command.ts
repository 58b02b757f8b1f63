import fc from 'fast-check';
import { invariants } from './invariants.ts';
import type { Session } from './state.ts';
import type { World } from './world.ts';

/** What a command chooses by: numbers, so that it means something in every state and shrinks. */
export type Picks = readonly [who: number, where: number, what: number, how: number];

/** Prepares a command in a state, or finds that it can't be done there; then does it, and changes the model by what has to come of it. */
export type Prepare = (world: World, picks: Picks) => (() => Promise<void>) | undefined;

/** How many of each kind were really done. */
export const done = new Map<string, number>();

export const pick = <T>(list: readonly T[], index: number): T | undefined => (list.length === 0 ? undefined : list[index % list.length]);

/** Mostly a session that lives, now and then one that is over. */
export function pickSession(world: World, index: number, suits: (session: Session) => boolean = () => true): Session | undefined {
  const fitting = world.sessions.filter(suits).reverse();
  const alive = fitting.filter((session) => session.alive);
  return index % 8 === 7 ? pick(fitting.filter((session) => !session.alive), index >> 3) : pick(alive, index >> 3);
}

class ModelCommand implements fc.AsyncCommand<World, World> {
  readonly name: string;
  private readonly prepare: Prepare;
  private readonly picks: Picks;

  constructor(name: string, prepare: Prepare, picks: Picks) {
    this.name = name;
    this.prepare = prepare;
    this.picks = picks;
  }

  check(world: Readonly<World>): boolean {
    return this.prepare(world as World, this.picks) !== undefined;
  }

  async run(world: World): Promise<void> {
    const run = this.prepare(world, this.picks);
    if (!run) throw new Error('the state changed between the check and the command');
    world.wire.log.push(`# ${this.toString()}`);
    world.touched.clear();
    world.steps += 1;
    done.set(this.name, (done.get(this.name) ?? 0) + 1);
    await run();
    await invariants(world);
  }

  toString(): string {
    return `${this.name}(${this.picks.join(', ')})`;
  }
}

/** Commands by name, each as likely as its weight says. */
export type Repertoire = Record<string, { weight: number; prepare: Prepare }>;

export function anyCommand(repertoire: Repertoire): fc.Arbitrary<fc.AsyncCommand<World, World>> {
  const number = fc.nat({ max: 63 });
  return fc.oneof(
    ...Object.entries(repertoire).map(([name, { weight, prepare }]) => ({
      weight,
      arbitrary: fc.tuple(number, number, number, number).map((picks): fc.AsyncCommand<World, World> => new ModelCommand(name, prepare, picks)),
    })),
  );
}
