import { type Actor, type EventName, type EventPayload, type Fact } from '@latchkey/contracts';
import { addToOutbox, consequenceId, currentMessageContext, type OutboxExecutor, Publisher } from '@latchkey/messaging';
import { Injectable } from '@nestjs/common';
import type { Login } from '../logins/find-login.ts';
import type { SessionRecord } from '../sessions/session-store.ts';

/** Who did something, from where, in which attempt. */
export type Doing = Pick<Fact, 'by' | 'device' | 'ip' | 'attemptId'>;

/** The names of facts: events that tell who did what to which login. */
export type FactName = { [N in EventName]: EventPayload<N> extends Fact ? N : never }[EventName];

/** What a fact tells besides that. */
export type Told<N extends FactName> = Omit<EventPayload<N>, keyof Fact>;

/** Somebody with a session who does something to a login that need not be its own. */
const other = ({ role, loginId }: SessionRecord, name: string): Actor => ({ kind: role === 'customer' ? 'self' : role, loginId, name });

const self = ({ id, loginName }: { id: string; loginName: string }): Actor => ({ kind: 'self', loginId: id, name: loginName });

export const bySession = ({ loginId, loginName, device, ip }: SessionRecord): Doing => ({
  by: self({ id: loginId, loginName }),
  device: { id: device.id, name: device.name },
  ip,
  attemptId: null,
});

/** A login under way, whose device has no record yet. */
export const byAttempt = (login: Pick<Login, 'id' | 'loginName'>, attemptId: string | null, device: { name: string; ip: string }): Doing => ({
  by: self(login),
  device: { id: null, name: device.name },
  ip: device.ip,
  attemptId,
});

/** Whoever had a link from an email. */
export const byLink = (login: Pick<Login, 'id' | 'loginName'>, ip: string): Doing => ({ by: self(login), device: null, ip, attemptId: null });

/** Somebody else than the login itself. */
export const byOther = (session: SessionRecord, name: string): Doing => ({
  by: other(session, name),
  device: null,
  ip: null,
  attemptId: null,
});

/** The owner of the login's account, whose device is no secret there. */
export const byAccountOwner = (session: SessionRecord): Doing => ({ ...bySession(session), by: other(session, session.loginName) });

const factOf = ({ id, providerId, accountId }: Pick<Login, 'id' | 'providerId' | 'accountId'>, doing: Doing): Fact => ({ loginId: id, providerId, accountId, ...doing });

/** Writes a fact beside the change it tells of, in the same transaction. */
export function noteFact<N extends FactName>(executor: OutboxExecutor, name: N, login: Pick<Login, 'id' | 'providerId' | 'accountId'>, doing: Doing, told: Told<N>): Promise<void> {
  return addToOutbox(executor, name, login.id, { ...factOf(login, doing), ...told } as unknown as EventPayload<N>);
}

/** Tells facts that go with no change in the database. */
@Injectable()
export class TellFacts {
  constructor(private readonly publisher: Publisher) {}

  /**
   * Resolves when the broker has it: what was answered stands in the timeline. It happened when it was asked for, so that a
   * request that is delivered again tells the very same fact and makes no second line.
   */
  tell<N extends FactName>(name: N, login: Pick<Login, 'id' | 'providerId' | 'accountId'>, doing: Doing, told: Told<N>, occurredAt = currentMessageContext()?.occurredAt): Promise<void> {
    const payload = { ...factOf(login, doing), ...told } as unknown as EventPayload<N>;
    return this.publisher.publish(name, payload, { id: consequenceId(name), ...(occurredAt !== undefined && { occurredAt }), ...(doing.attemptId && { correlationId: doing.attemptId }) });
  }
}
