import { describe, expect, test } from 'vitest';
import { readHash, UnusableHash } from './foreign-hashes.ts';

// Made by other implementations than those under test: libxcrypt (bcrypt, $7$) and Python's hashlib.
const ofOthers = [
  ['bcrypt', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.CEQ3zetrFQeIOAYis89iWZhUFZUFO3i'],
  ['bcrypt', '$2b$05$CCCCCCCCCCCCCCCCCCCCC.CEQ3zetrFQeIOAYis89iWZhUFZUFO3i'],
  ['bcrypt', '$2y$05$CCCCCCCCCCCCCCCCCCCCC.CEQ3zetrFQeIOAYis89iWZhUFZUFO3i'],
  ['scrypt', '$scrypt$ln=10,r=8,p=2$8PHy8/T19vf4+fr7/P3+/w$lYpflb/A/DfznxwialvwovMyrEETp88Wd38GXUjoehw'],
  ['pbkdf2', '$pbkdf2$1200$8PHy8/T19vf4.fr7/P3./w$HfogjNCocdpzng.2UIPvmW.d2.o'],
  ['pbkdf2', '$pbkdf2-sha1$i=1200,l=20$8PHy8/T19vf4+fr7/P3+/w$HfogjNCocdpzng+2UIPvmW+d2+o'],
  ['pbkdf2', '$pbkdf2-sha256$1200$8PHy8/T19vf4.fr7/P3./w$FPc1yy6gxhYo/0VuZgMfP917UayLCR3VHe7H7I1yt9M'],
  ['pbkdf2', '$pbkdf2-sha256$i=1200,l=32$8PHy8/T19vf4+fr7/P3+/w$FPc1yy6gxhYo/0VuZgMfP917UayLCR3VHe7H7I1yt9M'],
  ['pbkdf2', '$pbkdf2-sha512$1200$8PHy8/T19vf4.fr7/P3./w$9v6IZmsIml.xuj2gLX.oCgiY6bhUHC.4r4TeFddV60QgRFlTtEyxjFNAfMqZYx3CchWWzLzbznmiGkF5ZQCuhA'],
  ['pbkdf2', 'pbkdf2_sha256$1200$seasalt$ImbPNAmUyb/SmfV9WNKN3BdiSY+dqan+XQr7j3A2DXM='],
] as const;

describe('hashes of other systems', () => {
  test.each(ofOthers)('%s: %s is of its password alone', async (algorithm, stored) => {
    const read = readHash(stored);
    expect(read.algorithm).toBe(algorithm);
    await expect(read.isOf('caf\u00e9 1234')).resolves.toBe(true);
    await expect(read.isOf('cafe 1234')).resolves.toBe(false);
    await expect(read.isOf('')).resolves.toBe(false);
  });

  test('scrypt as libsodium writes it, from the examples of its makers', async () => {
    const read = readHash('$7$C6..../....SodiumChloride$kBGj9fHznVYFQMEn/qDCfrDevf9YDtcDdKvEqHJLV8D');
    await expect(read.isOf('pleaseletmein')).resolves.toBe(true);
    await expect(read.isOf('pleaseletmeout')).resolves.toBe(false);
  });
});

const salt = 'c29tZXNhbHRzb21lc2FsdA';
const hash = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
test.each([
  ['bcrypt that takes days', '$2b$31$CCCCCCCCCCCCCCCCCCCCC.CEQ3zetrFQeIOAYis89iWZhUFZUFO3i', 'bcrypt cost is above 14'],
  ['bcrypt that is no cost at all', '$2b$03$CCCCCCCCCCCCCCCCCCCCC.CEQ3zetrFQeIOAYis89iWZhUFZUFO3i', 'bcrypt cost is below 4'],
  ['scrypt that takes a terabyte', `$scrypt$ln=30,r=8,p=1$${salt}$${hash}`, 'scrypt memory'],
  ['scrypt that takes hours', `$scrypt$ln=17,r=8,p=1000$${salt}$${hash}`, 'scrypt blocks'],
  ['scrypt that takes hours, as libsodium writes it', '$7$zzzzzzzzzzzSodiumChloride$kBGj9fHznVYFQMEn/qDCfrDevf9YDtcDdKvEqHJLV8D', 'scrypt memory'],
  ['scrypt without a block', `$scrypt$ln=14,r=0,p=1$${salt}$${hash}`, 'not possible'],
  ['argon2 that takes gigabytes', `$argon2id$v=19$m=4194304,t=1,p=1$${salt}$${hash}`, 'argon2 memory'],
  ['argon2 that takes hours', `$argon2id$v=19$m=65536,t=100000,p=1$${salt}$${hash}`, 'argon2 memory times passes'],
  ['argon2 with more lanes than memory', `$argon2id$v=19$m=16,t=1,p=16$${salt}$${hash}`, 'not possible'],
  ['argon2 without a pass', `$argon2id$v=19$m=19456,t=0,p=1$${salt}$${hash}`, 'not possible'],
  ['PBKDF2 that takes hours', `$pbkdf2-sha256$999999999$${salt}$${hash}`, 'PBKDF2 rounds'],
  ['PBKDF2 whose length multiplies its rounds', `$pbkdf2-sha1$1900000$${salt}$${'A'.repeat(300)}`, 'PBKDF2 rounds'],
  ['a hash so short that many passwords have it', `$pbkdf2-sha256$1000$${salt}$AAAA`, 'fewer than 16 bytes'],
  ['MD5', '$1$salt$qJH7.N4xYta3aEG/dfqo/0', 'not a hash of'],
  ['the faulty bcrypt of 2011', '$2x$05$CCCCCCCCCCCCCCCCCCCCC.CEQ3zetrFQeIOAYis89iWZhUFZUFO3i', 'not a hash of'],
  ['a password in plain text', 'correct horse battery staple', 'not a hash of'],
  ['nothing', '', 'not a hash of'],
])('refused without being computed: %s', (_, stored, reason) => {
  const startedAt = performance.now();
  expect(() => readHash(stored)).toThrow(UnusableHash);
  expect(() => readHash(stored)).toThrow(reason);
  expect(performance.now() - startedAt).toBeLessThan(100);
});

test('a dear bcrypt hash leaves the event loop alone', async () => {
  const read = readHash('$2b$12$CCCCCCCCCCCCCCCCCCCCC.CEQ3zetrFQeIOAYis89iWZhUFZUFO3i');
  let ticks = 0;
  const ticking = setInterval(() => (ticks += 1), 5);
  await read.isOf('whatever');
  clearInterval(ticking);
  expect(ticks).toBeGreaterThan(5);
});
