import { createCipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';
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

const secret = randomBytes(32);
const ours = new SealingKeys(`k1:${secret.toString('base64')}`);
const derived = new Uint8Array(hkdfSync('sha256', secret, Buffer.alloc(0), 'latchkey/code', 32));
const header = { alg: 'dir', enc: 'A256GCM', kid: 'k1', typ: 'code' };

/** With the right key and a right tag, whatever the header says. */
function sealedUnder(otherHeader: object): string {
  const [protectedHeader, iv] = [Buffer.from(JSON.stringify(otherHeader)).toString('base64url'), randomBytes(12)];
  const cipher = createCipheriv('aes-256-gcm', derived, iv).setAAD(Buffer.from(protectedHeader));
  const text = Buffer.concat([cipher.update('012345'), cipher.final()]);
  return [protectedHeader, '', ...[iv, text, cipher.getAuthTag()].map((part) => part.toString('base64url'))].join('.');
}

it.each(['012345', '', 'pässword 🔑', 'x'.repeat(5_000)])('what is sealed is a JWE to everybody else: %#', async (plain) => {
  const { plaintext, protectedHeader } = await compactDecrypt(await ours.seal('code', plain), derived);
  expect(new TextDecoder().decode(plaintext)).toBe(plain);
  expect(protectedHeader).toEqual(header);
  const sealedElsewhere = await new CompactEncrypt(new TextEncoder().encode(plain)).setProtectedHeader(header).encrypt(derived);
  await expect(ours.open('code', sealedElsewhere)).resolves.toBe(plain);
});

it.each([{ alg: 'A256KW' }, { enc: 'A128GCM' }, { zip: 'DEF' }, { crit: ['exp'], exp: 1 }, { kid: 'k2' }, { kid: undefined }])('a value whose header says %j does not open, though its tag is right', async (changed) => {
  await expect(ours.open('code', sealedUnder(header))).resolves.toBe('012345');
  await expect(ours.open('code', sealedUnder({ ...header, ...changed }))).rejects.toThrow();
});

it('no part of a sealed value can be changed, cut short or left out', async () => {
  const parts = (await ours.seal('code', '012345')).split('.');
  const changed = parts.flatMap((part, index) => [part.slice(0, -2), `B${part}`, part.startsWith('A') ? `C${part.slice(1)}` : `A${part.slice(1)}`, `${part}=`].map((other) => parts.with(index, other)));
  for (const other of [...changed, parts.slice(1), [...parts, '']]) {
    const value = other.join('.');
    if (value !== parts.join('.')) await expect(ours.open('code', value), value).rejects.toThrow();
  }
});
