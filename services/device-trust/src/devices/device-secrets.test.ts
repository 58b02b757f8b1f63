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
