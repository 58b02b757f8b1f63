import { randomUUIDv7 } from 'node:crypto';
import { newSecret } from '@latchkey/platform';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatDeviceToken, freshSecrets, parseDeviceToken } from './credentials.ts';

it('a device token is read as it was written', () => {
  for (let round = 0; round < 100; round += 1) {
    const { device } = freshSecrets();
    expect(parseDeviceToken(formatDeviceToken(device))).toEqual(device);
  }
});

it('browsers that were given another version of UUID before are still known', () => {
  const secret = newSecret();
  expect(parseDeviceToken(`7b44c8d1-3b5e-4d0f-9b1a-0f2f6a3e1c55.${secret}`)).toEqual({ browserId: '7b44c8d1-3b5e-4d0f-9b1a-0f2f6a3e1c55', secret });
});

it('fresh secrets are 256 bits each and never the same, under ids that sort by time', () => {
  const all = Array.from({ length: 1_000 }, freshSecrets);
  const secrets = all.flatMap(({ session, device }) => [session, device.secret]);
  expect(new Set(secrets).size).toBe(2_000);
  for (const secret of secrets) expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
  const ids = all.map(({ device }) => device.browserId);
  expect(new Set(ids).size).toBe(1_000);
  for (const id of ids) expect(id[14]).toBe('7');
  const milliseconds = ids.map((id) => parseInt(id.replace('-', '').slice(0, 12), 16));
  expect(milliseconds).toEqual([...milliseconds].sort((one, other) => one - other));
});

it('nothing else is a token: a changed character makes another token or none, never an error', () => {
  const token = formatDeviceToken({ browserId: randomUUIDv7(), secret: newSecret() });
  fc.assert(
    fc.property(fc.nat(token.length - 1), fc.string({ minLength: 0, maxLength: 3 }), (position, text) => {
      const changed = token.slice(0, position) + text + token.slice(position + 1);
      const parsed = parseDeviceToken(changed);
      if (parsed) expect(formatDeviceToken(parsed)).toBe(changed);
    }),
  );
  fc.assert(fc.property(fc.string(), (text) => parseDeviceToken(text) === null));
  for (const wrong of [undefined, '', `${token}\n`, ` ${token}`, `${token},${token}`, token.toUpperCase()]) expect(parseDeviceToken(wrong)).toBeNull();
});
