import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { gatherWrites } from './gather-writes.ts';

/** Keeps what each call to the system would have had. */
function recordingSocket() {
  const calls: string[] = [];
  const socket = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => void (calls.push(chunk.toString()), done()),
    writev: (chunks, done) => void (calls.push(chunks.map(({ chunk }) => (chunk as Buffer).toString()).join('')), done()),
  }) as Socket;
  gatherWrites(socket);
  return { socket, calls };
}

it('what is written in one turn goes out in one call, in its order, and nothing waits for the next turn', async () => {
  const { socket, calls } = recordingSocket();
  for (const frame of ['a', 'b', 'c']) socket.write(frame);
  await nextTurn();
  expect(calls).toEqual(['abc']);
  socket.write('d');
  await nextTurn();
  expect(calls).toEqual(['abc', 'd']);
});

it('more than the socket takes at once is said as before, and told when it has gone', async () => {
  const { socket, calls } = recordingSocket();
  let drained = false;
  socket.on('drain', () => (drained = true));
  expect(socket.write('x'.repeat(socket.writableHighWaterMark))).toBe(false);
  await nextTurn();
  expect([drained, calls.length]).toEqual([true, 1]);
});
