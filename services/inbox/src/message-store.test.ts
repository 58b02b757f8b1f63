import { expect, test } from 'vitest';
import { MessageStore } from './message-store.ts';

const text = (word: string) => ({ channel: 'sms' as const, to: '+15555550100', text: word, providerMessageId: 'p' });

test('the 5,001st message pushes the first one out', () => {
  const store = new MessageStore();
  for (let number = 1; number <= 5_001; number += 1) store.add(text(String(number)));
  const kept = store.list();
  expect(kept).toHaveLength(5_000);
  expect([kept[0]?.text, kept.at(-1)?.text]).toEqual(['5001', '2']);
  expect(store.arrived.sms).toBe(5_001);
});

test('large messages push old ones out long before the memory is full, the newest always stays', () => {
  const store = new MessageStore();
  const large = 'x'.repeat(10 * 1024 * 1024);
  for (let number = 1; number <= 10; number += 1) store.add({ ...text(large), html: `${number}` });
  expect(store.list().map((message) => message.html)).toEqual(['10', '9', '8', '7', '6', '5']);
  store.add(text(large.repeat(8)));
  expect(store.size).toBe(1);
});

test('ids are of version 7, sorted by time, and never the same', () => {
  const store = new MessageStore();
  const early = store.add(text('x'), new Date(1_800_000_000_000));
  const late = store.add(text('x'), new Date(1_800_000_000_001));
  expect(early.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(Number.parseInt(early.id.replaceAll('-', '').slice(0, 12), 16)).toBe(1_800_000_000_000);
  expect(early.id < late.id).toBe(true);
  const ids = Array.from({ length: 1_000 }, () => store.add(text('x'), new Date(0)).id);
  expect(new Set(ids).size).toBe(1_000);
});

test('a watcher that left hears nothing more', () => {
  const store = new MessageStore();
  const heard: string[] = [];
  const leave = store.watch((change) => heard.push(change.kind));
  store.add(text('x'));
  store.clear();
  leave();
  store.add(text('y'));
  expect(heard).toEqual(['arrived', 'cleared']);
});
