import { randomBytes } from 'node:crypto';
import { Refusal } from '@latchkey/contracts';
import { inSpan } from '@latchkey/platform';
import { Inject, Injectable, Optional } from '@nestjs/common';
import { hash } from '@node-rs/argon2';
import pLimit from 'p-limit';
import type { AuthSettings } from '../config.ts';
import { SETTINGS } from '../injected.ts';
import { AuthMetrics } from '../ops/metrics.ts';
import { readHash, UnusableHash } from './foreign-hashes.ts';

// argon2id (the package's default algorithm) with the parameters OWASP recommends; about 25 ms of one core.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

// One person's keyboard may compose accents otherwise than the one the password was chosen on (NIST SP 800-63B-4 3.1.1.2).
const normalized = (password: string) => password.normalize('NFKC');

/** The form in which a password is stored. */
export const hashPassword = (password: string): Promise<string> => hash(normalized(password), cost);

const currentForm = `$argon2id$v=19$m=${cost.memoryCost},t=${cost.timeCost},p=${cost.parallelism}$`;

/** Whether a hash is of another algorithm or cost than ours, as imported ones are. */
export const isOutdated = (passwordHash: string): boolean => !passwordHash.startsWith(currentForm);

/** Judges passwords off the event loop, a few at a time; what would wait too long is refused at once. */
@Injectable()
export class Passwords {
  private readonly limit: ReturnType<typeof pLimit>;
  // An unknown name costs as much time as a known one (norm 17).
  private readonly hashOfNobody = hashPassword(randomBytes(32).toString('base64'));

  /** What a hash took lately, in milliseconds: on a busy machine several times what it takes alone. */
  private lateMs = 25;

  constructor(
    @Inject(SETTINGS) private readonly settings: Pick<AuthSettings, 'LATCHKEY_HASH_CONCURRENCY' | 'LATCHKEY_HASH_WAIT_MS'>,
    @Optional() private readonly metrics?: AuthMetrics,
  ) {
    this.limit = pLimit(settings.LATCHKEY_HASH_CONCURRENCY);
    metrics?.watchHashQueue(() => ({ waiting: this.limit.pendingCount, running: this.limit.activeCount }));
  }

  /** Refuses what would wait too long, before any work was done for it: what is refused late was queued for nothing. */
  refuseWhenBusy(): void {
    const waitMs = (this.limit.pendingCount / this.settings.LATCHKEY_HASH_CONCURRENCY) * this.lateMs;
    if (waitMs <= this.settings.LATCHKEY_HASH_WAIT_MS) return;
    this.metrics?.hashShed();
    throw new Refusal('unavailable', { retryAfterSeconds: 1 });
  }

  /**
   * Without a hash (a name that is unknown, a login whose password is not chosen yet) it takes the time of `standIn`, and is
   * never right.
   */
  async isRight(password: string, passwordHash: string | null | undefined, standIn?: string): Promise<boolean> {
    this.refuseWhenBusy();
    const right = await this.timed(async () => {
      const hashOfNobody = await this.hashOfNobody;
      return isOf(password, passwordHash ?? standIn ?? hashOfNobody, hashOfNobody);
    });
    return right && passwordHash !== null && passwordHash !== undefined;
  }

  /** The form in which a password is stored, made in turn with those that are judged. */
  async hash(password: string): Promise<string> {
    this.refuseWhenBusy();
    return this.timed(() => hashPassword(password));
  }

  private timed<T>(work: () => Promise<T>): Promise<T> {
    return inSpan('hash password', {}, (span) =>
      this.limit(async () => {
        span.addEvent('turn taken');
        const startedAt = performance.now();
        const result = await work();
        const tookMs = performance.now() - startedAt;
        this.lateMs += (tookMs - this.lateMs) / 16;
        this.metrics?.hashed(tookMs);
        return result;
      }),
    );
  }
}

async function isOf(password: string, passwordHash: string, hashOfNobody: string): Promise<boolean> {
  try {
    const read = readHash(passwordHash);
    if (await read.isOf(normalized(password))) return true;
    // Whoever made an imported hash may have taken the password as it was typed.
    return isOutdated(passwordHash) && normalized(password) !== password && (await read.isOf(password));
  } catch (error) {
    if (!(error instanceof UnusableHash)) throw error;
    await readHash(hashOfNobody).isOf(password);
    return false;
  }
}
