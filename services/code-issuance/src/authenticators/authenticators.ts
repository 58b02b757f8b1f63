import { Refusal } from '@latchkey/contracts';
import type { Clock, SealingKeys } from '@latchkey/platform';
import { generateSecret, generateURI, verify } from 'otplib';
import type { DataSource } from 'typeorm';

const stepSeconds = 30;

/** Secrets of authenticator apps: 30-second steps, SHA-1, 6 digits, as every app reads them (RFC 6238). */
export class Authenticators {
  private readonly source: DataSource;
  private readonly keys: SealingKeys;
  private readonly clock: Clock;

  constructor(source: DataSource, keys: SealingKeys, clock: Clock) {
    this.source = source;
    this.keys = keys;
    this.clock = clock;
  }

  /**
   * Makes the secret of a method: 160 random bits (RFC 4226 R6), sealed at rest, readable by the gateway this once. Takes
   * the place of one that no code was accepted of yet; one in use stays.
   */
  async enrol(request: { methodId: string; loginId: string; accountLabel: string; issuer: string }): Promise<{ sealedSecret: string; sealedOtpauthUri: string }> {
    const secret = generateSecret({ length: 20 });
    const sealedSecret = await this.keys.seal('authenticator-secret', secret);
    const stored = (await this.source.query(
      `INSERT INTO authenticators (method_id, login_id, sealed_secret, created_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT (method_id) DO UPDATE SET sealed_secret = EXCLUDED.sealed_secret, created_at = EXCLUDED.created_at
       WHERE authenticators.login_id = EXCLUDED.login_id AND authenticators.last_step = 0
       RETURNING method_id`,
      [request.methodId, request.loginId, sealedSecret, this.clock.now()],
    )) as unknown[];
    if (stored.length === 0) throw new Refusal('method_exists');
    // A colon parts issuer and account in the address; apps cut a name that has one of its own.
    const [issuer, label] = [request.issuer, request.accountLabel].map((name) => name.replaceAll(':', ' ')) as [string, string];
    const uri = generateURI({ strategy: 'totp', issuer, label, secret });
    return { sealedSecret, sealedOtpauthUri: await this.keys.seal('otpauth-uri', uri) };
  }

  /**
   * Uses a code up. One step of drift either side, by the server's clock only. The accepted step is written down by a
   * condition on the old one, so that the same or an older code is refused afterwards, also by another process at the
   * same moment and after a restart (RFC 6238 5.2).
   */
  async useCode(loginId: string, methodId: string, code: string): Promise<boolean> {
    if (!/^\d{6}$/.test(code)) return false;
    const rows = (await this.source.query('SELECT sealed_secret FROM authenticators WHERE method_id = $1 AND login_id = $2', [methodId, loginId])) as { sealed_secret: string }[];
    const sealedSecret = rows[0]?.sealed_secret;
    if (!sealedSecret) return false;
    const epoch = Math.floor(this.clock.now().getTime() / 1000);
    const result = await verify({ secret: await this.keys.open('authenticator-secret', sealedSecret), token: code, epoch, epochTolerance: stepSeconds });
    if (!result.valid || !('delta' in result)) return false;
    const step = Math.floor(epoch / stepSeconds) + result.delta;
    const [, changed] = (await this.source.query('UPDATE authenticators SET last_step = $2 WHERE method_id = $1 AND last_step < $2', [methodId, step])) as [unknown, number];
    return changed === 1;
  }

  async remove(methodIds: readonly string[]): Promise<void> {
    await this.source.query('DELETE FROM authenticators WHERE method_id = ANY($1::uuid[])', [methodIds]);
  }

  async removeLogin(loginId: string): Promise<void> {
    await this.source.query('DELETE FROM authenticators WHERE login_id = $1', [loginId]);
  }
}
