import { describe, expect, test } from 'vitest';
import { type DeliveryEvent, readEvents, reconnectDelay } from './delivery-events.ts';

const at = '2026-11-24T10:00:00.000Z';
// Not ASCII, so that a piece may end in the middle of a letter.
const accepted = { methodId: 'mé', state: 'accepted', at };
const failed = { methodId: 'm', state: 'failed', at, suggestion: 'other_method' };

/** A body that arrives in pieces of a few bytes, as a bad network would cut it. */
function stream(text: string, pieceLength: number): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  return new ReadableStream({
    start(controller) {
      for (let start = 0; start < bytes.length; start += pieceLength) {
        controller.enqueue(bytes.slice(start, start + pieceLength));
      }
      controller.close();
    },
  });
}

async function eventsOf(text: string, pieceLength = 1000) {
  const events: DeliveryEvent[] = [];
  await readEvents(stream(text, pieceLength), (event) => events.push(event));
  return events;
}

const line = (event: object) => `event: delivery\ndata: ${JSON.stringify(event)}\n\n`;

describe('the stream of delivery events', () => {
  test.each([1, 3, 7, 1000])('gives every event in order, in pieces of %i bytes', async (pieceLength) => {
    const text = `: hello\n\n${line(accepted)}: still here\n\n${line(failed)}`;
    expect(await eventsOf(text, pieceLength)).toEqual([accepted, failed]);
  });

  test('passes over what is not a delivery event', async () => {
    const rubbish = ['event: delivery\ndata: not json\n\n', 'event: delivery\ndata: null\n\n', line({ state: 'accepted' })];
    const other = `event: other\ndata: ${JSON.stringify(accepted)}\n\n`;
    expect(await eventsOf([...rubbish, other, line(accepted)].join(''))).toEqual([accepted]);
  });

  test('an event that was cut off is not an event', async () => {
    expect(await eventsOf(line(accepted).slice(0, -1))).toEqual([]);
  });
});

describe('the wait before connecting again', () => {
  test('grows with each failure and stays within 15 seconds', () => {
    const longest = [0, 1, 2, 3, 4, 5, 50].map((failures) => reconnectDelay(failures, () => 1));
    expect(longest).toEqual([1000, 1000, 2000, 4000, 8000, 15_000, 15_000]);
  });

  test('is spread over half of itself, so that not everybody comes back at once', () => {
    expect(reconnectDelay(3, () => 0)).toBe(2000);
    expect(reconnectDelay(3, () => 0.5)).toBe(3000);
  });
});
