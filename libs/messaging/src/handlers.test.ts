import { expect, it } from 'vitest';
import { checkHandlers } from './handlers.ts';

const all = [
  { name: 'delivery.states', isEvent: false, count: 1 },
  { name: 'code.issued.sms', isEvent: true, count: 1 },
  { name: 'code.issued.email', isEvent: true, count: 1 },
];

it('a service whose handlers match its contracts may start', () => {
  expect(checkHandlers('delivery', all)).toEqual([]);
});

it('a missing, doubled, misspelt or foreign handler stops the start', () => {
  expect(checkHandlers('delivery', all.slice(1))).toEqual(['delivery.states has no handler']);
  expect(checkHandlers('delivery', [...all.slice(0, 2), { name: 'code.issued.email', isEvent: true, count: 2 }])).toEqual(['code.issued.email has 2 handlers']);
  expect(checkHandlers('delivery', [...all, { name: 'delivery.stats', isEvent: false, count: 1 }])).toEqual(['delivery.stats is handled, but nobody declares it']);
  expect(checkHandlers('delivery', [...all, { name: 'login.start', isEvent: false, count: 1 }])).toEqual(['login.start is handled, but is not for delivery']);
});
