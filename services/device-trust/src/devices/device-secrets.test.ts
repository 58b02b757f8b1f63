import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type DeviceSecret, graceMs, rotateSecrets } from './device-secrets.ts';

const start = new Date('2026-01-01T00:00:00Z');
const later = (ms: number) => new Date(start.getTime() + ms);
const live = (hash: string): DeviceSecret => ({ hash, supersededAt: null });

function rotate(secrets: DeviceSecret[], presented: string, next: string, now: Date): DeviceSecret[] {
  const rotation = rotateSecrets(secrets, presented, next, now);
  if (!rotation.recognized) throw new Error('not recognized');
  return rotation.secrets;
}

it('ten logins at once with the same secret all go in, and any of the ten new ones works later', () => {
  let secrets = [live('s0')];
  for (let tab = 1; tab <= 10; tab += 1) secrets = rotate(secrets, 's0', `s${tab}`, later(tab));
  for (let kept = 1; kept <= 10; kept += 1) expect(rotateSecrets(secrets, `s${kept}`, 'n', later(86_400_000)).recognized).toBe(true);
});

it('a sibling that was left behind is an old secret once another one was used', () => {
  let secrets = rotate([live('s0')], 's0', 's1', later(0));
  secrets = rotate(secrets, 's0', 's2', later(1));
  secrets = rotate(secrets, 's1', 's3', later(1_000));
  expect(rotateSecrets(secrets, 's2', 'x', later(1_000 + graceMs)).recognized).toBe(false);
  expect(rotateSecrets(secrets, 's3', 'x', later(1_000 + graceMs)).recognized).toBe(true);
});

it('an old secret used again after the grace is not recognized', () => {
  const secrets = rotate([live('s0')], 's0', 's1', start);
  expect(rotateSecrets(secrets, 's0', 'x', later(graceMs - 1)).recognized).toBe(true);
  expect(rotateSecrets(secrets, 's0', 'x', later(graceMs)).recognized).toBe(false);
});

it('a secret that never was is not recognized', () => {
  expect(rotateSecrets([live('s0')], 'forged', 'x', start).recognized).toBe(false);
});

it('a request delivered again gives no second life to the secret it gave', () => {
  let secrets = rotate([live('s0')], 's0', 's1', start);
  secrets = rotate(secrets, 's1', 's2', later(1_000));
  secrets = rotate(secrets, 's0', 's1', later(2_000));
  expect(rotateSecrets(secrets, 's1', 'x', later(1_000 + graceMs)).recognized).toBe(false);
  expect(rotateSecrets(secrets, 's2', 'x', later(1_000 + graceMs)).recognized).toBe(true);
});

it('in no order of presentations does a secret get in that was superseded longer ago than the grace, and the live ones always do', () => {
  // Which of the secrets given so far comes next (0 the newest), and how long after the last one.
  const presentation = fc.record({ which: fc.nat(), afterMs: fc.oneof(fc.nat(1_000), fc.nat(2 * graceMs), fc.constantFrom(graceMs - 1, graceMs)) });
  fc.assert(
    fc.property(fc.array(presentation, { maxLength: 49 }), (presentations) => {
      let stored = [live('s0')];
      let nowMs = 0;
      // What must hold, told without the machinery: when each secret ended, if it did.
      const endedAt = new Map<string, number | null>([['s0', null]]);
      for (const [index, { which, afterMs }] of presentations.entries()) {
        nowMs += afterMs;
        const given = [...endedAt.keys()];
        const presented = given[given.length - 1 - (which % given.length)] ?? 's0';
        const ended = endedAt.get(presented) ?? null;
        const next = `s${index + 1}`;
        const rotation = rotateSecrets(stored, presented, next, later(nowMs));
        expect(rotation.recognized).toBe(ended === null || nowMs - ended < graceMs);
        if (!rotation.recognized) continue;
        stored = rotation.secrets;
        if (ended === null) for (const [hash, end] of endedAt) if (end === null) endedAt.set(hash, nowMs);
        endedAt.set(next, null);
      }
    }),
    { numRuns: 2_000 },
  );
});

it('what is stored of a browser stays small, however many log in at once, and the newest is good', () => {
  let secrets = [live('s0')];
  for (let tab = 1; tab <= 200; tab += 1) secrets = rotate(secrets, secrets.at(-1)?.hash ?? '', `s${tab}`, later(tab));
  expect(secrets.length).toBeLessThanOrEqual(50);
  expect(rotateSecrets(secrets, 's200', 'x', later(86_400_000)).recognized).toBe(true);
});
