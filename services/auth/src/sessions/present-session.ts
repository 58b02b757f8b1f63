import type { RequestReply } from '@latchkey/contracts';
import type { SessionRecord } from './session-store.ts';

/** A session as the public API shows it. */
export function presentSession({ id, loginId, loginName, role, assurance, device, setupRequired, expiresAt }: SessionRecord): RequestReply<'session.get'> {
  return { id, login: { id: loginId, loginName, role }, assurance, device, setupRequired, expiresAt };
}
