import type { Step } from './command.ts';
import type { Beginning } from './people.ts';

/** A whole run, written down: done again it means the same. */
export type Story = { beginning: Beginning; steps: Step[] };

/** Does a story; gives what went wrong. */
export type Tell = (story: Story) => Promise<string | undefined>;

/**
 * Makes a story that fails smaller while it fails in the same way: leaves out runs of commands, ever shorter ones, then
 * begins with less, then chooses the first of everything. Better than what fast-check does of itself, which leaves out
 * commands at the beginning only: here every try costs a second, and most commands have nothing to do with the failure.
 */
export async function makeSmaller(story: Story, message: string, tell: Tell, until: number): Promise<Story> {
  const wanted = shapeOf(message);
  let smallest = story;
  const isStillWrong = async (candidate: Story): Promise<boolean> => {
    if (performance.now() > until) return false;
    const said = await tell(candidate);
    if (said === undefined || shapeOf(said) !== wanted) return false;
    smallest = candidate;
    return true;
  };
  for (let before = Infinity; before > smallest.steps.length; ) {
    before = smallest.steps.length;
    for (let length = Math.ceil(before / 2); ; length = Math.ceil(length / 2)) {
      for (let end = smallest.steps.length; end > 0; end -= length) {
        const { steps } = smallest;
        const start = Math.max(0, end - length);
        await isStillWrong({ ...smallest, steps: [...steps.slice(0, start), ...steps.slice(end)] });
      }
      if (length === 1) break;
    }
  }
  for (const beginning of lesser(smallest.beginning)) await isStillWrong({ ...smallest, beginning: { ...smallest.beginning, ...beginning } });
  for (let index = 0; index < smallest.steps.length; index += 1)
    for (const place of [1, 2, 3, 4]) {
      const step = smallest.steps[index]?.map((part, at) => (at === place ? 0 : part)) as unknown as Step;
      if (smallest.steps[index]?.[place] !== 0) await isStillWrong({ ...smallest, steps: smallest.steps.with(index, step) });
    }
  return smallest;
}

const lesser = ({ withText, withEmail }: Beginning): Partial<Beginning>[] => [{ policies: ['optional', 'optional'] }, { withText: withText.map(() => false) }, { withEmail: withEmail.map(() => true) }];

/** What a failure says without the names and numbers of its run. */
const shapeOf = (message: string): string => message.replaceAll(/m-[0-9a-f]{12}\S*|[0-9a-f]{8}-[0-9a-f-]{27}|\d+/g, '#').slice(0, 70);
