import { randomUUIDv7 } from 'node:crypto';
import { Refusal } from '@latchkey/contracts';
import type { OutboxExecutor } from '@latchkey/messaging';
import { SealingKeys } from '@latchkey/platform';
import { Injectable } from '@nestjs/common';
import { type Doing, noteFact } from '../activity/facts.ts';
import { Notify } from '../notices/notify.ts';
import { parseEmailAddress } from '../two-factor/parse-destination.ts';
import { FindLogin } from './find-login.ts';
import { acceptLoginName, loginNameKey } from './login-name.ts';

type NewLogin = { loginName: string; sealedEmailAddress: string; role: 'customer' | 'account_owner'; account: { id: string; name: string }; providerId: string; locale: string; doing: Doing; path: string };

/** Adds a login and emails its person an invitation: nobody else ever chooses a password (norm 18). */
@Injectable()
export class AddLogin {
  constructor(
    private readonly sealing: SealingKeys,
    private readonly findLogin: FindLogin,
    private readonly notify: Notify,
  ) {}

  /** Gives the id; refuses with `login_name_taken`, `unsupported_destination`, or `invalid_request` for the name at `path`. */
  async add(executor: OutboxExecutor, { loginName, sealedEmailAddress, role, account, providerId, locale, doing, path }: NewLogin): Promise<string> {
    const { normalized, hint } = parseEmailAddress(await this.sealing.open('destination', sealedEmailAddress));
    const name = acceptLoginName(loginName, path);
    const rows = (await executor.query(
      `INSERT INTO logins (id, account_id, provider_id, login_name, login_name_key, role, email_sealed, email_masked, locale)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (login_name_key) DO NOTHING RETURNING id`,
      [randomUUIDv7(), account.id, providerId, name, loginNameKey(name), role, await this.sealing.seal('destination', normalized), hint, locale],
    )) as { id: string }[];
    const id = rows[0]?.id;
    if (id === undefined) throw new Refusal('login_name_taken');
    const found = await this.findLogin.byId(id, executor);
    if (!found) throw new Error('the login that was added is gone');
    await noteFact(executor, 'login.added', found.login, doing, { loginName: name });
    await this.notify.invitation(executor, found.login, account.name);
    return id;
  }
}
