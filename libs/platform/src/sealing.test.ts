import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { SealingKeys } from './sealing.ts';

const key = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;

it('what was sealed opens again, and only for its purpose', async () => {
  const keys = new SealingKeys(key('k1'));
  const sealed = await keys.seal('code', '012345');
  expect(sealed).not.toContain('012345');
  await expect(keys.open('code', sealed)).resolves.toBe('012345');
  await expect(keys.open('destination', sealed)).rejects.toThrow();
});

it('a changed sealed value does not open', async () => {
  const keys = new SealingKeys(key('k1'));
  const [header, encrypted, iv, text, tag] = (await keys.seal('code', '012345')).split('.');
  const other = text === 'AAAAAAAA' ? 'BBBBBBBB' : 'AAAAAAAA';
  await expect(keys.open('code', [header, encrypted, iv, other, tag].join('.'))).rejects.toThrow();
});

it('keys rotate: old values open, new ones use the new key, a dropped key opens nothing', async () => {
  const [first, second] = [key('k1'), key('k2')];
  const sealed = await new SealingKeys(first).seal('destination', '+14155550123');
  const rotated = new SealingKeys(`${second},${first}`);
  await expect(rotated.open('destination', sealed)).resolves.toBe('+14155550123');
  const resealed = await rotated.seal('destination', '+14155550123');
  await expect(new SealingKeys(second).open('destination', resealed)).resolves.toBe('+14155550123');
  await expect(new SealingKeys(second).open('destination', sealed)).rejects.toThrow();
});

it('the same value is sealed differently each time', async () => {
  const keys = new SealingKeys(key('k1'));
  expect(await keys.seal('code', '000000')).not.toBe(await keys.seal('code', '000000'));
});
