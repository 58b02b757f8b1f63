import { randomBytes } from 'node:crypto';
import { Refusal } from '@latchkey/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import pLimit from 'p-limit';
import type { AuthSettings } from '../config.ts';
import { SETTINGS } from '../injected.ts';

// argon2id (the package's default algorithm) with the parameters OWASP recommends; about 25 ms of one core.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

// One person's keyboard may compose accents otherwise than the one the password was chosen on (NIST SP 800-63B-4 3.1.1.2).
const normalized = (password: string) => password.normalize('NFKC');

/** The form in which a password is stored. */
export const hashPassword = (password: string): Promise<string> => hash(normalized(password), cost);

/** Judges passwords off the event loop, a few at a time; what would wait too long is refused at once. */
@Injectable()
export class Passwords {
  private readonly limit: ReturnType<typeof pLimit>;
  // An unknown name costs as much time as a known one (norm 17).
  private readonly hashOfNobody = hashPassword(randomBytes(32).toString('base64'));

  /** What a hash took lately, in milliseconds: on a busy machine several times what it takes alone. */
  private lateMs = 25;

  constructor(@Inject(SETTINGS) private readonly settings: Pick<AuthSettings, 'LATCHKEY_HASH_CONCURRENCY' | 'LATCHKEY_HASH_WAIT_MS'>) {
    this.limit = pLimit(settings.LATCHKEY_HASH_CONCURRENCY);
  }

  /** Refuses what would wait too long, before any work was done for it: what is refused late was queued for nothing. */
  refuseWhenBusy(): void {
    const waitMs = (this.limit.pendingCount / this.settings.LATCHKEY_HASH_CONCURRENCY) * this.lateMs;
    if (waitMs > this.settings.LATCHKEY_HASH_WAIT_MS) throw new Refusal('unavailable', { retryAfterSeconds: 1 });
  }

  /** The form in which a new password is stored, in turn with those being judged. */
  hash(password: string): Promise<string> {
    this.refuseWhenBusy();
    return this.limit(() => hashPassword(password));
  }

  /** Without a hash it takes the same time and is never right. */
  async isRight(password: string, passwordHash: string | undefined): Promise<boolean> {
    this.refuseWhenBusy();
    const compared = passwordHash ?? (await this.hashOfNobody);
    const right = await this.limit(async () => {
      const startedAt = performance.now();
      const judged = await verify(compared, normalized(password));
      this.lateMs += (performance.now() - startedAt - this.lateMs) / 16;
      return judged;
    });
    return right && passwordHash !== undefined;
  }
}
