import { expect, it } from 'vitest';
import { checkHandlers } from './handlers.ts';

const events = ['two-factor.disabled', 'password.changed', 'login.not-me', 'login.removed'].map((name) => ({ name, isEvent: true, count: 1 }));
const requests = ['device.enter', 'device.enter-trusted', 'device.list', 'device.trust', 'device.carry-trust', 'device.forget'].map((name) => ({ name, isEvent: false, count: 1 }));
const all = [...requests, ...events];

it('a service whose handlers match its contracts may start', () => {
  expect(checkHandlers('device-trust', all)).toEqual([]);
});

it('a missing, doubled, misspelt or foreign handler stops the start', () => {
  expect(checkHandlers('device-trust', all.slice(1))).toEqual(['device.enter has no handler']);
  expect(checkHandlers('device-trust', [...requests, ...events.slice(1), { name: 'two-factor.disabled', isEvent: true, count: 2 }])).toEqual(['two-factor.disabled has 2 handlers']);
  expect(checkHandlers('device-trust', [...all, { name: 'device.lst', isEvent: false, count: 1 }])).toEqual(['device.lst is handled, but nobody declares it']);
  expect(checkHandlers('device-trust', [...all, { name: 'login.start', isEvent: false, count: 1 }])).toEqual(['login.start is handled, but is not for device-trust']);
});
