import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { isOutdated, Passwords } from './passwords.ts';

/** Brings a hash up to today's algorithm and cost at the only moment it can be: when the password was right. */
@Injectable()
export class RehashPassword {
  constructor(
    private readonly database: DataSource,
    private readonly passwords: Passwords,
  ) {}

  /**
   * Call after a right password. Never fails: what could not be done now (busy, database away) is done at the next login.
   * A password that was changed in between stays changed.
   */
  async whenOutdated(loginId: string, password: string, passwordHash: string): Promise<void> {
    if (!isOutdated(passwordHash)) return;
    try {
      const current = await this.passwords.hash(password);
      await this.database.query('UPDATE logins SET password_hash = $3 WHERE id = $1 AND password_hash = $2', [loginId, passwordHash, current]);
    } catch {
      // The old hash is still good.
    }
  }
}
