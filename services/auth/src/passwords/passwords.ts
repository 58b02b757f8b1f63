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

  constructor(@Inject(SETTINGS) private readonly settings: Pick<AuthSettings, 'LATCHKEY_HASH_CONCURRENCY' | 'LATCHKEY_HASH_QUEUE'>) {
    this.limit = pLimit(settings.LATCHKEY_HASH_CONCURRENCY);
  }

  /** Without a hash it takes the same time and is never right. */
  async isRight(password: string, passwordHash: string | undefined): Promise<boolean> {
    if (this.limit.pendingCount >= this.settings.LATCHKEY_HASH_QUEUE) throw new Refusal('unavailable', { retryAfterSeconds: 1 });
    const compared = passwordHash ?? (await this.hashOfNobody);
    const right = await this.limit(() => verify(compared, normalized(password)));
    return right && passwordHash !== undefined;
  }
}
