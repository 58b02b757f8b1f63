import { randomUUIDv7 } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { providersInOrder } from './route.ts';
import type { RouteStep } from './routes-setting.ts';

const untried = new Set<string>();
const steps = (...weights: number[]): RouteStep[] => weights.map((weight, index) => ({ provider: 'abcdef'[index] ?? '', weight }));
const order = (route: RouteStep[], id: string = randomUUIDv7(), country: string | null = null, tried: ReadonlySet<string> = untried) => providersInOrder(route, { id, country, tried });

it('without weights the list is the order', () => {
  for (let count = 0; count < 100; count += 1) expect(order(steps(0, 0, 0))).toEqual(['a', 'b', 'c']);
});

it('by weight is who is first; the others follow as listed, also those without a weight', () => {
  const seen = new Set(Array.from({ length: 500 }, () => order(steps(1, 1, 0)).join('')));
  expect([...seen].sort()).toEqual(['abc', 'bac']);
});

it('shares come out as the weights say', () => {
  const firsts = Array.from({ length: 20_000 }, () => order(steps(7, 2, 1))[0]);
  const share = (provider: string) => firsts.filter((first) => first === provider).length / firsts.length;
  // Five standard deviations.
  expect(share('a')).toBeCloseTo(0.7, 1);
  expect(Math.abs(share('b') - 0.2)).toBeLessThan(0.015);
  expect(Math.abs(share('c') - 0.1)).toBeLessThan(0.011);
});

it('the same message makes the same choice, whenever and wherever', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.array(fc.nat(9), { minLength: 1, maxLength: 6 }), (id, weights) => {
      expect(order(steps(...weights), id)).toEqual(order(steps(...weights), id));
    }),
  );
});

it('every provider of the country is there once, and those that may have had the message come last', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.array(fc.nat(9), { minLength: 1, maxLength: 6 }), fc.subarray(['a', 'b', 'c', 'd', 'e', 'f']), (id, weights, tried) => {
      const route = steps(...weights);
      const found = order(route, id, 'US', new Set(tried));
      expect([...found].sort()).toEqual(route.map(({ provider }) => provider));
      const firstTried = found.findIndex((provider) => tried.includes(provider));
      expect(firstTried === -1 || found.slice(firstTried).every((provider) => tried.includes(provider))).toBe(true);
    }),
  );
});

it('a provider for some countries is asked for no other, and for none that nobody knows', () => {
  const route = [{ provider: 'a', weight: 1, countries: ['US', 'CA'] }, { provider: 'b', weight: 0 }];
  expect(order(route, undefined, 'CA')).toEqual(['a', 'b']);
  expect(order(route, undefined, 'FR')).toEqual(['b']);
  expect(order(route, undefined, null)).toEqual(['b']);
});
