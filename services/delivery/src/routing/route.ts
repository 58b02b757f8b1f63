import type { RouteStep } from './routes-setting.ts';

/**
 * The providers of a route in the order in which a message asks them: the first by weight, then the others as the route
 * lists them. Who may have had the message already comes last. The message's id decides, so that a message that is
 * delivered again makes the same choice, in whatever worker.
 */
export function providersInOrder(steps: readonly RouteStep[], message: { id: string; country: string | null; tried: ReadonlySet<string> }): string[] {
  const open = steps.filter(({ countries }) => !countries || (message.country !== null && countries.includes(message.country)));
  const first = chooseByWeight(open, fractionOf(message.id));
  const order = open.filter((step) => step !== first).map(({ provider }) => provider);
  if (first) order.unshift(first.provider);
  return [...order.filter((provider) => !message.tried.has(provider)), ...order.filter((provider) => message.tried.has(provider))];
}

/** Without any weight the first of the list. */
function chooseByWeight(steps: readonly RouteStep[], fraction: number): RouteStep | undefined {
  let left = fraction * steps.reduce((sum, { weight }) => sum + weight, 0);
  for (const step of steps) {
    if (left < step.weight) return step;
    left -= step.weight;
  }
  return steps[0];
}

/** A number from 0 to below 1 out of the random end of a UUID. */
const fractionOf = (id: string): number => Number.parseInt(id.slice(-8), 16) / 2 ** 32;
