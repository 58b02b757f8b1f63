import { createHash } from 'node:crypto';
import { Refusal } from '@latchkey/contracts';
import { type LimitsProfile, type RedisClient, RedisScript } from '@latchkey/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { AuthSettings } from '../config.ts';
import { REDIS, SETTINGS } from '../injected.ts';

/** Invitations an hour: asked for by one login, for one account, and to one address. */
const limits: Record<LimitsProfile, { perInviter: number; perAccount: number; perAddress: number }> = {
  production: { perInviter: 60, perAccount: 20, perAddress: 5 },
  development: { perInviter: 100_000, perAccount: 100_000, perAddress: 1_000 },
};
const windowSeconds = 3_600;

// KEYS: a count. ARGV: its limit, window seconds. Counts and returns 0; at the limit returns the seconds to wait.
const count = new RedisScript(`
if tonumber(redis.call('GET', KEYS[1]) or '0') >= tonumber(ARGV[1]) then return math.max(1, redis.call('TTL', KEYS[1])) end
if redis.call('INCR', KEYS[1]) == 1 then redis.call('EXPIRE', KEYS[1], ARGV[2]) end
return 0`);

export type Inviting = { inviterId: string | null; accountId: string | null; emailAddress: string };

/**
 * Keeps a login that may invite from mailing strangers without end, and from finding out which names are taken: every try
 * counts, also one that is refused afterwards.
 */
@Injectable()
export class LimitInvitations {
  constructor(
    @Inject(REDIS) private readonly redis: RedisClient,
    @Inject(SETTINGS) private readonly settings: Pick<AuthSettings, 'LATCHKEY_LIMITS'>,
  ) {}

  /** Refuses with `too_many_requests`. Whose own limit is reached counts against nobody else: the address comes last. */
  async count({ inviterId, accountId, emailAddress }: Inviting): Promise<void> {
    const { perInviter, perAccount, perAddress } = limits[this.settings.LATCHKEY_LIMITS];
    if (inviterId !== null) await this.countOne(`invitations-by:${inviterId}`, perInviter, 'You have sent many invitations within an hour');
    if (accountId !== null) await this.countOne(`invitations-of:${accountId}`, perAccount, 'This account has sent many invitations within an hour');
    const hashed = createHash('sha256').update(emailAddress.toLowerCase()).digest('base64url');
    await this.countOne(`invitations-to:${hashed}`, perAddress, 'Many invitations went to this address within an hour');
  }

  private async countOne(key: string, limit: number, detail: string): Promise<void> {
    const wait = (await count.run(this.redis, [key], [limit, windowSeconds])) as number;
    if (wait > 0) throw new Refusal('too_many_requests', { retryAfterSeconds: wait, detail });
  }
}
