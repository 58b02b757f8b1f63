import type { Activity, ActivityPage, RequestReply } from '@latchkey/contracts';
import { Gathered, prepared } from '@latchkey/platform';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ActivityLine } from './lines.ts';

const pageSize = 50;

const insertSql = prepared(`
  WITH lines AS (SELECT * FROM jsonb_to_recordset($1) AS line (
    id uuid, "loginId" uuid, at timestamptz, kind text, "attemptId" uuid, "correlationId" uuid, by jsonb, device jsonb, ip text, detail jsonb)),
  seen AS (
    UPDATE logins SET last_login_at = latest.at
    FROM (SELECT "loginId", max(at) AS at FROM lines WHERE kind = 'signed_in' GROUP BY "loginId") latest
    WHERE logins.id = latest."loginId" AND (last_login_at IS NULL OR last_login_at < latest.at))
  INSERT INTO activity (id, login_id, at, kind, attempt_id, correlation_id, by_kind, by_name, device_id, device_name, ip, detail)
  SELECT id, "loginId", at, kind, "attemptId", "correlationId", by->>'kind', by->>'name', (device->>'id')::uuid, device->>'name', ip, detail FROM lines
  ON CONFLICT (id, at) DO NOTHING`);

/** The timeline of every login. Only ever added to; what is added twice is there once. */
@Injectable()
export class ActivityStore {
  private readonly gathered: Gathered<ActivityLine>;

  constructor(private readonly database: DataSource) {
    this.gathered = new Gathered((lines) => database.query(insertSql, [JSON.stringify(lines)]));
  }

  /** Resolves when the line is stored. */
  add(line: ActivityLine): Promise<void> {
    return this.gathered.add(line);
  }

  /** Newest first, from before a moment. What happened in the same millisecond is on the same page. */
  async page(loginId: string, before: string | null): Promise<ActivityPage> {
    const rows = await this.database.query<ActivityRow[]>(
      `SELECT * FROM (
         SELECT id, at, kind, attempt_id, by_kind, by_name, device_id, device_name, ip, detail FROM activity
         WHERE login_id = $1 AND ($2::timestamptz IS NULL OR at < $2) ORDER BY at DESC FETCH FIRST ${pageSize} ROWS WITH TIES
       ) page ORDER BY at DESC, id DESC`,
      [loginId, before],
    );
    const last = rows.length >= pageSize ? rows.at(-1) : undefined;
    return { activities: rows.map(present), before: last?.at.toISOString() ?? null };
  }

  /** The same for operators: of one login, or of everybody who has a part in one story. */
  async story({ loginId, correlationId, before }: { loginId: string | null; correlationId: string | null; before: string | null }): Promise<RequestReply<'ops.activity'>> {
    const rows = await this.database.query<(ActivityRow & { login_id: string; correlation_id: string })[]>(
      `SELECT id, at, kind, attempt_id, by_kind, by_name, device_id, device_name, ip, detail, login_id, correlation_id FROM activity
       WHERE ${correlationId === null ? 'login_id' : 'correlation_id'} = $1 AND ($2::timestamptz IS NULL OR at < $2) ORDER BY at DESC FETCH FIRST ${pageSize} ROWS WITH TIES`,
      [correlationId ?? loginId, before],
    );
    const last = rows.length >= pageSize ? rows.at(-1) : undefined;
    return { activities: rows.map((row) => ({ ...present(row), loginId: row.login_id, correlationId: row.correlation_id })), before: last?.at.toISOString() ?? null };
  }
}

type ActivityRow = {
  id: string;
  at: Date;
  kind: Activity['kind'];
  attempt_id: string | null;
  by_kind: Activity['by']['kind'];
  by_name: string | null;
  device_id: string | null;
  device_name: string | null;
  ip: string | null;
  detail: Partial<Activity>;
};

const present = (row: ActivityRow): Activity => ({
  ...row.detail,
  id: row.id,
  at: row.at.toISOString(),
  kind: row.kind,
  attemptId: row.attempt_id,
  by: { kind: row.by_kind, name: row.by_name },
  device: row.device_name === null ? null : { id: row.device_id, name: row.device_name },
  ip: row.ip,
});
