import { randomUUIDv7 } from 'node:crypto';
import type { RequestReply } from '@latchkey/contracts';
import type { Clock } from '@latchkey/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CLOCK } from '../injected.ts';
import type { SessionRecord } from '../sessions/session-store.ts';

export type OperatorAction = 'redrive' | 'discard' | 'set_provider' | 'set_channel' | 'set_worker';
type Page = RequestReply<'ops.audit'>;

const pageSize = 100;

/** Who of the operators did what, and when. Written before it is done: nothing is ever done that does not stand here. */
@Injectable()
export class Audit {
  constructor(
    private readonly database: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async note({ loginId }: Pick<SessionRecord, 'loginId'>, action: OperatorAction, target: object): Promise<void> {
    const written = await this.database.query<unknown[]>(
      'INSERT INTO audit (id, at, login_id, login_name, action, target) SELECT $1, $2, id, login_name, $4, $5 FROM logins WHERE id = $3 RETURNING id',
      [randomUUIDv7(), this.clock.now(), loginId, action, JSON.stringify(target)],
    );
    if (written.length === 0) throw new Error('an operator that is no login');
  }

  /** Newest first. What happened in the same millisecond is on the same page. */
  async page(before: string | null): Promise<Page> {
    const rows = await this.database.query<{ id: string; at: Date; login_id: string; login_name: string; action: string; target: Page['entries'][number]['target'] }[]>(
      `SELECT id, at, login_id, login_name, action, target FROM audit WHERE $1::timestamptz IS NULL OR at < $1 ORDER BY at DESC FETCH FIRST ${pageSize} ROWS WITH TIES`,
      [before],
    );
    const entries = rows.map(({ id, at, login_id: loginId, login_name: loginName, action, target }) => ({ id, at: at.toISOString(), by: { loginId, loginName }, action, target }));
    return { entries, before: rows.length >= pageSize ? (entries.at(-1)?.at ?? null) : null };
  }
}
