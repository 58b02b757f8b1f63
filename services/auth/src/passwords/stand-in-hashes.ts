import { createHmac, type KeyObject } from 'node:crypto';
import { type Clock, SealingKeys } from '@latchkey/platform';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CLOCK } from '../injected.ts';

/** Hashes that cost the same: how many there are, and one of them. */
type Kind = { kind: string; count: number; example: string };

const refreshMs = 600_000;
/** Enough for shares to the percent, and read in a moment however many logins there are. */
const sampled = 50_000;

// Algorithm and cost, as the formats of foreign-hashes.ts begin.
const kindSql = `coalesce(substring(password_hash from '^(?:\\$argon2[a-z]+\\$(?:v=\\d+\\$)?m=\\d+,t=\\d+,p=\\d+|\\$2[aby]\\$\\d\\d|\\$scrypt\\$ln=\\d+,r=\\d+,p=\\d+|\\$7\\$.{11}|\\$pbkdf2[^$]*\\$(?:i=)?\\d+|pbkdf2_[^$]+\\$\\d+)'), '')`;

/**
 * What the password of an unknown name is compared with, so that it takes as long as a known one's (norm 17), also while
 * imported hashes are there that cost more or less than ours. Each name has its kind of hash, drawn by a keyed hash in the
 * shares that the kinds have among all logins: unknown names take as long as a random login does, and the same name the
 * same time whenever it is asked for.
 */
@Injectable()
export class StandInHashes implements OnModuleInit {
  private kinds: Kind[] = [];
  private readAt = 0;

  constructor(
    private readonly database: DataSource,
    private readonly sealing: SealingKeys,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.refresh();
  }

  /** The hash of somebody or other, whose outcome means nothing; undefined while there is none. */
  hashFor(nameKey: string): string | undefined {
    if (this.clock.now().getTime() - this.readAt >= refreshMs) void this.refresh();
    return drawKind(this.kinds, nameKey, this.sealing.hmacKeys('stand-in-hashes')[0])?.example;
  }

  /** Nobody waits for it; what could not be read stays as it was. */
  async refresh(): Promise<void> {
    this.readAt = this.clock.now().getTime();
    try {
      const [table] = await this.database.query<{ logins: number }[]>(`SELECT reltuples AS logins FROM pg_class WHERE oid = 'logins'::regclass`);
      const percent = Math.min(100, (100 * sampled) / Math.max(1, table?.logins ?? 1));
      // The same blocks each time: shares that wavered would give names away whose kind wavers with them.
      this.kinds = await this.database.query<Kind[]>(
        `SELECT ${kindSql} AS kind, count(*)::int AS count, min(password_hash) AS example
         FROM logins TABLESAMPLE SYSTEM ($1::real) REPEATABLE (1) WHERE password_hash IS NOT NULL GROUP BY 1 ORDER BY 2 DESC LIMIT 50`,
        [percent],
      );
    } catch {
      // The next look comes in ten minutes.
    }
  }
}

/**
 * Weighted rendezvous: each kind draws a time for the name, sooner the more there are of it, and the first one wins. When a kind
 * gets rarer (its logins are hashed anew one by one) mostly names of that kind move, and mostly to ours, as real logins do.
 */
export function drawKind<K extends { kind: string; count: number }>(kinds: readonly K[], nameKey: string, key: KeyObject): K | undefined {
  let soonest = Number.POSITIVE_INFINITY;
  let drawn: K | undefined;
  for (const candidate of kinds) {
    const digest = createHmac('sha256', key).update(`${candidate.kind}\0${nameKey}`).digest();
    const at = -Math.log((digest.readUIntBE(0, 6) + 1) / (2 ** 48 + 1)) / candidate.count;
    if (at < soonest) [soonest, drawn] = [at, candidate];
  }
  return drawn;
}
