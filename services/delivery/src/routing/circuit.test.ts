import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { ProviderAnswer } from '../providers/provider.ts';
import { Circuit, type CircuitWord } from './circuit.ts';

const options = { size: 10, atLeast: 4, threshold: 0.5, openForMs: 60 };
function circuitOf() {
  const changes: CircuitWord[] = [];
  return { circuit: new Circuit(options, (state) => changes.push(state)), changes };
}
const answers: Record<string, ProviderAnswer> = {
  accepted: { outcome: 'accepted', providerMessageId: '1' },
  permanent: { outcome: 'permanent', reason: 'opted out' },
  transient: { outcome: 'transient', reason: '503' },
  unknown: { outcome: 'unknown', reason: 'timeout' },
};
const ask = (circuit: Circuit, ...outcomes: string[]) => Promise.all(outcomes.map((outcome) => circuit.ask(async () => answers[outcome] as ProviderAnswer)));

it.each(['transient', 'unknown'])('opens when most answers are %s, and lets nobody in', async (outcome) => {
  const { circuit } = circuitOf();
  await ask(circuit, 'accepted', outcome, outcome, outcome);
  expect(circuit.state).toBe('open');
  expect(circuit.enter()).toBe(false);
  // Who was let in before does not get through either: surely not sent.
  expect(await ask(circuit, 'accepted')).toEqual([{ outcome: 'transient', reason: 'circuit open' }]);
});

it('refusing recipients is no failure of a provider, however many', async () => {
  const { circuit } = circuitOf();
  await ask(circuit, ...Array.from({ length: 30 }, () => 'permanent'));
  expect(circuit.state).toBe('closed');
});

it('a few failures say nothing yet', async () => {
  const { circuit } = circuitOf();
  await ask(circuit, 'transient', 'transient', 'transient');
  expect(circuit.enter()).toBe(true);
});

it('one message finds out whether the provider works again, and all others stay away meanwhile', async () => {
  const { circuit, changes } = circuitOf();
  await ask(circuit, 'transient', 'transient', 'transient', 'transient');
  await wait(options.openForMs + 10);
  expect([circuit.enter(), circuit.enter(), circuit.enter()]).toEqual([true, false, false]);
  await ask(circuit, 'transient');
  expect(circuit.enter()).toBe(false);
  await wait(options.openForMs + 10);
  expect(circuit.enter()).toBe(true);
  await ask(circuit, 'accepted');
  expect(circuit.enter()).toBe(true);
  expect(changes).toEqual(['open', 'half_open', 'open', 'half_open', 'closed']);
});

it('who was let in to find out and does not ask after all leaves the place to another', async () => {
  const { circuit } = circuitOf();
  await ask(circuit, 'transient', 'transient', 'transient', 'transient');
  await wait(options.openForMs + 10);
  expect(circuit.enter()).toBe(true);
  circuit.leave();
  expect(circuit.enter()).toBe(true);
});

it('opens when of most messages that were accepted nothing is heard, and not when it is heard of most of them', async () => {
  const { circuit: mostly } = circuitOf();
  for (let count = 0; count < 6; count += 1) {
    await ask(mostly, 'accepted', 'accepted', 'accepted');
    await mostly.receiptMissing();
    await mostly.receiptMissing();
  }
  expect(mostly.state).toBe('open');
  const { circuit: seldom } = circuitOf();
  for (let count = 0; count < 6; count += 1) {
    await ask(seldom, 'accepted', 'accepted', 'accepted');
    await seldom.receiptMissing();
  }
  expect(seldom.state).toBe('closed');
});

it('a missing receipt of before does not decide whether the provider works again', async () => {
  const { circuit, changes } = circuitOf();
  await ask(circuit, 'transient', 'transient', 'transient', 'transient');
  await circuit.receiptMissing();
  await wait(options.openForMs + 10);
  await circuit.receiptMissing();
  expect(changes).toEqual(['open']);
});
