import { hkdfSync } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';

/** What a sealed value is; a value sealed for one purpose can't be opened as another. */
export type SealPurpose = 'code' | 'destination' | 'password' | 'typed-code' | 'authenticator-secret' | 'otpauth-uri' | 'recovery-codes' | 'notice' | 'login-name';

/**
 * Seals secrets for the way over the broker and for rest in a store: compact JWE (RFC 7516), `dir` + A256GCM, key id in
 * the header. The first key seals, all of them open, so keys rotate without down-time. Each purpose has its own key,
 * derived with HKDF-SHA-256 (RFC 5869).
 */
export class SealingKeys {
  private readonly keys: Map<string, Buffer>;
  private readonly currentId: string;
  private readonly derived = new Map<string, Uint8Array>();

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
    return new CompactEncrypt(new TextEncoder().encode(plain))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: this.currentId, typ: purpose })
      .encrypt(this.keyFor(this.currentId, purpose));
  }

  /** Rejects when the value was changed, sealed for another purpose, or with a key that is not held any more. */
  async open(purpose: SealPurpose, sealedValue: string): Promise<string> {
    const { plaintext } = await compactDecrypt(sealedValue, (header) => this.keyFor(String(header.kid), purpose), {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    return new TextDecoder().decode(plaintext);
  }

  private keyFor(keyId: string, purpose: SealPurpose): Uint8Array {
    const cached = this.derived.get(`${keyId}/${purpose}`);
    if (cached) return cached;
    const key = this.keys.get(keyId);
    if (!key) throw new Error('sealed with a key that is not held');
    const derived = new Uint8Array(hkdfSync('sha256', key, Buffer.alloc(0), `latchkey/${purpose}`, 32));
    this.derived.set(`${keyId}/${purpose}`, derived);
    return derived;
  }

  /**
   * Keys for HMACs of one purpose, one derived from each sealing key. Make with the first; compare with all of them, or
   * what was made before a rotation is wrong after it.
   */
  hmacKeys(purpose: string): [Buffer, ...Buffer[]] {
    return [...this.keys.keys()].map((keyId) => Buffer.from(this.keyFor(keyId, `hmac/${purpose}` as SealPurpose))) as [Buffer, ...Buffer[]];
  }
}
