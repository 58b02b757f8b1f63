import type { EventPayload } from '@latchkey/contracts';
import { OutboxRelay } from '@latchkey/messaging';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { FindLogin, type Login } from '../logins/find-login.ts';
import { Notify } from '../notices/notify.ts';
import { TellOnce } from '../notices/tell-once.ts';
import { SessionStore } from '../sessions/session-store.ts';

type Reused = EventPayload<'device.secret-reused'>;

/** An old secret of a device was used again: somebody copied it. Its trust is withdrawn already; its login is told. */
@Injectable()
export class WarnOfCopiedDevice {
  constructor(
    private readonly findLogin: FindLogin,
    private readonly notify: Notify,
    private readonly tellOnce: TellOnce,
    private readonly sessions: SessionStore,
    private readonly database: DataSource,
    private readonly relay: OutboxRelay,
  ) {}

  async warn({ loginId, devices, ip }: Reused): Promise<void> {
    const found = await this.findLogin.byId(loginId);
    if (!found) return;
    await this.sessions.noteTrustWithdrawn(loginId, devices);
    await this.tellOnce.tell(() => this.tell(found.login, devices, ip));
  }

  private async tell(login: Login, devices: Reused['devices'], ip: string): Promise<void> {
    await this.database.transaction(async (executor) => {
      for (const device of devices) await this.notify.deed(executor, 'device_secret_reused', login, { device, ip }, {});
    });
    this.relay.kick();
  }
}
