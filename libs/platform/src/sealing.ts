import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';

/** What a sealed value is; a value sealed for one purpose can't be opened as another. */
export type SealPurpose = 'code' | 'destination' | 'password' | 'typed-code' | 'authenticator-secret' | 'otpauth-uri' | 'recovery-codes' | 'notice' | 'login-name';

const [ivBytes, tagBytes] = [12, 16];
// Five parts, of which the encrypted key is empty with `dir`; the lengths are those of the bytes above.
const sealedPattern = /^([\w-]+)\.\.([\w-]{16})\.([\w-]*)\.([\w-]{22})$/;
const decoder = new TextDecoder();

/**
 * Seals secrets for the way over the broker and for rest in a store: compact JWE (RFC 7516), `dir` + A256GCM, key id in
 * the header. The first key seals, all of them open, so keys rotate without down-time. Each purpose has its own key,
 * derived with HKDF-SHA-256 (RFC 5869). The few bytes of a secret take microseconds on the event loop; given to the thread
 * pool, as WebCrypto does, they would wait there behind the hashes of passwords.
 */
export class SealingKeys {
  private readonly keys: Map<string, Buffer>;
  private readonly currentId: string;
  private readonly derived = new Map<string, KeyObject>();

  /** @param text `id:base64 of 32 bytes`, comma separated, current first. */
  constructor(text: string) {
    this.keys = new Map(
      text.split(',').map((entry) => {
        const [keyId = '', base64 = ''] = entry.split(':');
        return [keyId, Buffer.from(base64, 'base64')];
      }),
    );
    this.currentId = [...this.keys.keys()][0] ?? '';
    if (!this.currentId) throw new Error('no sealing key');
  }

  async seal(purpose: SealPurpose, plain: string): Promise<string> {
    const header = Buffer.from(JSON.stringify({ alg: 'dir', enc: 'A256GCM', kid: this.currentId, typ: purpose })).toString('base64url');
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv('aes-256-gcm', this.keyFor(this.currentId, purpose), iv, { authTagLength: tagBytes });
    cipher.setAAD(Buffer.from(header, 'ascii'));
    const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return `${header}..${iv.toString('base64url')}.${text.toString('base64url')}.${cipher.getAuthTag().toString('base64url')}`;
  }

  /** Rejects when the value was changed, sealed for another purpose, or with a key that is not held any more. */
  async open(purpose: SealPurpose, sealedValue: string): Promise<string> {
    const [, header, iv, text, tag] = sealedPattern.exec(sealedValue) ?? [];
    if (header === undefined || iv === undefined || text === undefined || tag === undefined) throw new Error('not a sealed value');
    const decipher = createDecipheriv('aes-256-gcm', this.keyFor(keyIdIn(header), purpose), Buffer.from(iv, 'base64url'), { authTagLength: tagBytes });
    decipher.setAAD(Buffer.from(header, 'ascii')).setAuthTag(Buffer.from(tag, 'base64url'));
    return decoder.decode(Buffer.concat([decipher.update(text, 'base64url'), decipher.final()]));
  }

  private keyFor(keyId: string, purpose: string): KeyObject {
    const cached = this.derived.get(`${keyId}/${purpose}`);
    if (cached) return cached;
    const key = this.keys.get(keyId);
    if (!key) throw new Error('sealed with a key that is not held');
    const derived = createSecretKey(Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `latchkey/${purpose}`, 32)));
    this.derived.set(`${keyId}/${purpose}`, derived);
    return derived;
  }

  /**
   * Keys for HMACs of one purpose, one derived from each sealing key. Make with the first; compare with all of them, or
   * what was made before a rotation is wrong after it. An HMAC with a key's bytes takes Node 15 µs, with the key 2 µs.
   */
  hmacKeys(purpose: string): [KeyObject, ...KeyObject[]] {
    return [...this.keys.keys()].map((keyId) => this.keyFor(keyId, `hmac/${purpose}`)) as [KeyObject, ...KeyObject[]];
  }
}

/** Only what is sealed as ours is: nothing else in a header is understood, so nothing else may change what it means. */
function keyIdIn(header: string): string {
  const { alg, enc, kid, typ, ...rest } = JSON.parse(Buffer.from(header, 'base64url').toString()) as Record<string, unknown>;
  if (alg !== 'dir' || enc !== 'A256GCM' || typeof kid !== 'string' || (typ !== undefined && typeof typ !== 'string') || Object.keys(rest).length > 0) throw new Error('not sealed as ours is');
  return kid;
}
