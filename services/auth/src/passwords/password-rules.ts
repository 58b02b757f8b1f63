import { Refusal } from '@latchkey/contracts';

/** Refuses what anybody would try first (norm 19; NIST SP 800-63B-4 3.1.1.2). */
export function refuseWeakPassword(password: string, { path, loginName }: { path: string; loginName: string }): void {
  if (password.toLowerCase() === loginName.toLowerCase()) throw new Refusal('invalid_request', { issues: [{ path, message: 'must not be the login name' }] });
}
