import { pbkdf2, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { parseOptions, verify as verifyArgon2 } from '@node-rs/argon2';
import { verify as verifyBcrypt } from '@node-rs/bcrypt';

/** A stored hash that can be compared with a password, off the event loop. */
export type ReadHash = { algorithm: 'argon2' | 'bcrypt' | 'scrypt' | 'pbkdf2'; isOf(password: string): Promise<boolean> };

/** A hash in a format that is not known, or one that costs more than a login may; the message is fit for a report. */
export class UnusableHash extends Error {
  override name = 'UnusableHash';
}

/**
 * What verifying one hash may cost: about two seconds of one core, and 256 MiB. An import file must not be able to make
 * logins that hold up everybody else's (bcrypt with a cost of 31 takes days).
 */
const most = {
  bcryptCost: 14,
  argon2MemoryKiB: 262_144,
  argon2MemoryPasses: 1_048_576,
  argon2Lanes: 16,
  scryptBytes: 134_217_728,
  scryptBlocks: 2 ** 21,
  pbkdf2Rounds: 2_000_000,
};

/** A shorter one could be met by chance; an empty one, by every password. */
const fewestHashBytes = 16;

const derivePbkdf2 = promisify(pbkdf2);
const deriveScrypt = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(scrypt);

type Format = { pattern: RegExp; read(parts: string[]): ReadHash };

// Base64 without padding, as PHC strings have it; passlib writes `.` for `+`.
const base64 = '[A-Za-z0-9+/.]+={0,2}';

const formats: Format[] = [
  {
    // RFC 9106, as the reference implementation writes it. Version 16 leaves its number out.
    pattern: new RegExp(`^\\$argon2(?:id|i|d)\\$(?:v=(?:16|19)\\$)?m=(\\d{1,10}),t=(\\d{1,10}),p=(\\d{1,10})\\$${base64}\\$(${base64})$`),
    read([whole = '', memory, passes, lanes, hash = '']) {
      refuseAbove('argon2 memory (KiB)', Number(memory), most.argon2MemoryKiB);
      refuseAbove('argon2 memory times passes', Number(memory) * Number(passes), most.argon2MemoryPasses);
      refuseAbove('argon2 lanes', Number(lanes), most.argon2Lanes);
      fromBase64(hash);
      refuseUnparsable(whole);
      return { algorithm: 'argon2', isOf: (password) => verifyArgon2(whole, password) };
    },
  },
  {
    // 2x hashes were made by an implementation that got characters beyond ASCII wrong; nothing here repeats its fault.
    pattern: /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/,
    read([whole = '', cost]) {
      if (Number(cost) < 4) throw new UnusableHash('bcrypt cost is below 4');
      refuseAbove('bcrypt cost', Number(cost), most.bcryptCost);
      return { algorithm: 'bcrypt', isOf: (password) => verifyBcrypt(password, whole) };
    },
  },
  {
    pattern: new RegExp(`^\\$scrypt\\$ln=(\\d{1,2}),r=(\\d{1,8}),p=(\\d{1,8})\\$(${base64})\\$(${base64})$`),
    read: ([, log2N, r, p, salt = '', hash = '']) => scryptHash({ log2N: Number(log2N), r: Number(r), p: Number(p), salt: bytesOf(salt), hash: fromBase64(hash) }),
  },
  {
    // libsodium's and libxcrypt's modular-crypt form; the salt is the text itself.
    pattern: /^\$7\$([./0-9A-Za-z])([./0-9A-Za-z]{5})([./0-9A-Za-z]{5})([./0-9A-Za-z]{1,64})\$([./0-9A-Za-z]{43})$/,
    read: ([, log2N = '', r = '', p = '', salt = '', hash = '']) =>
      scryptHash({ log2N: cryptNumber(log2N), r: cryptNumber(r), p: cryptNumber(p), salt: Buffer.from(salt, 'latin1'), hash: cryptBytes(hash, 32) }),
  },
  {
    pattern: new RegExp(`^\\$pbkdf2(?:-(sha1|sha256|sha512))?\\$(?:i=)?(\\d{1,10})(?:,l=\\d{1,4})?\\$(${base64})\\$(${base64})$`),
    read: ([, digest = 'sha1', rounds, salt = '', hash = '']) => pbkdf2Hash(digest, Number(rounds), bytesOf(salt), fromBase64(hash)),
  },
  {
    // Django's, whose salt is the text itself.
    pattern: new RegExp(`^pbkdf2_(sha1|sha256|sha512)\\$(\\d{1,10})\\$([^$]{1,128})\\$(${base64})$`),
    read: ([, digest = '', rounds, salt = '', hash = '']) => pbkdf2Hash(digest, Number(rounds), Buffer.from(salt), fromBase64(hash)),
  },
];

/** Reads a stored hash; throws `UnusableHash`. */
export function readHash(stored: string): ReadHash {
  for (const { pattern, read } of stored.length <= 512 ? formats : []) {
    const parts = pattern.exec(stored);
    if (parts) return read([...parts]);
  }
  throw new UnusableHash('not a hash of argon2, bcrypt ($2a, $2b, $2y), scrypt or PBKDF2 (SHA-1, SHA-256, SHA-512)');
}

function scryptHash({ log2N, r, p, salt, hash }: { log2N: number; r: number; p: number; salt: Buffer; hash: Buffer }): ReadHash {
  const N = 2 ** log2N;
  if (log2N < 1 || r < 1 || p < 1) throw new UnusableHash('scrypt parameters are not possible');
  refuseAbove('scrypt memory (bytes)', 128 * N * r, most.scryptBytes);
  refuseAbove('scrypt blocks', N * r * p, most.scryptBlocks);
  const options = { N, r, p, maxmem: 2 * most.scryptBytes };
  return { algorithm: 'scrypt', isOf: async (password) => timingSafeEqual(await deriveScrypt(password, salt, hash.length, options), hash) };
}

function pbkdf2Hash(digest: string, rounds: number, salt: Buffer, hash: Buffer): ReadHash {
  if (rounds < 1) throw new UnusableHash('PBKDF2 without a round');
  const digestBytes = { sha1: 20, sha256: 32, sha512: 64 }[digest] ?? 20;
  refuseAbove('PBKDF2 rounds', rounds * Math.ceil(hash.length / digestBytes), most.pbkdf2Rounds);
  return { algorithm: 'pbkdf2', isOf: async (password) => timingSafeEqual(await derivePbkdf2(password, salt, rounds, hash.length, digest), hash) };
}

function refuseAbove(what: string, value: number, limit: number): void {
  if (!(value <= limit)) throw new UnusableHash(`${what} is above ${limit}`);
}

function refuseUnparsable(argon2Hash: string): void {
  try {
    parseOptions(argon2Hash);
  } catch {
    throw new UnusableHash('argon2 parameters are not possible');
  }
}

const bytesOf = (text: string): Buffer => Buffer.from(text.replaceAll('.', '+'), 'base64');

function fromBase64(text: string): Buffer {
  const bytes = bytesOf(text);
  if (bytes.length < fewestHashBytes) throw new UnusableHash(`the hash has fewer than ${fewestHashBytes} bytes`);
  return bytes;
}

const cryptAlphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** crypt's numbers: six bits a character, the lowest first. */
const cryptNumber = (text: string): number => [...text].reduce((sum, character, index) => sum + cryptAlphabet.indexOf(character) * 64 ** index, 0);

/** crypt's bytes: four characters for three, in the same order. */
function cryptBytes(text: string, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0, byte = 0; at < text.length; at += 4) {
    let bits = cryptNumber(text.slice(at, at + 4));
    for (let of = 0; of < 3 && byte < length; of += 1, byte += 1) {
      bytes[byte] = bits & 0xff;
      bits >>= 8;
    }
  }
  return bytes;
}
