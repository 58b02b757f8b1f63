import type { Device, Session } from '@latchkey/contracts';
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { watchFailures } from '../api/client.ts';
import { asFailure, type RequestFailed } from '@latchkey/client';
import { readSession, sessionPath } from '../api/session.ts';
import { noteSignedIn } from './signed-in-here.ts';

/** Why nobody is signed in; the sign-in page says so. */
export type SignedOutReason = 'never' | 'ended' | 'signed_out' | 'two_factor_changed';

export type SessionState =
  | { status: 'unknown' }
  | { status: 'failed'; failure: RequestFailed }
  | { status: 'signed_out'; reason: SignedOutReason }
  | { status: 'signed_in'; session: Session };

interface SessionContextValue {
  state: SessionState;
  /** Asks the server; what the page shows meanwhile is up to it. */
  load: () => Promise<void>;
  signedIn: (session: Session) => void;
  signedOut: (reason: SignedOutReason) => void;
  /** The list of devices has changed; this device's trust is a part of the session. */
  devicesChanged: (devices: Device[]) => void;
}

const SessionContext = createContext<SessionContextValue | null>(null);

/** Knows who is signed in, for all pages; notices when any request says that the session is over. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const [state, setState] = useState<SessionState>({ status: 'unknown' });
  // A slow answer to "who is signed in?" must not undo a sign-in that happened meanwhile.
  const changes = useRef(0);
  const change = useCallback((next: SessionState | ((current: SessionState) => SessionState)) => {
    changes.current += 1;
    setState(next);
  }, []);

  const load = useCallback(async () => {
    const before = changes.current;
    try {
      const session = await readSession();
      if (changes.current === before) change({ status: 'signed_in', session });
    } catch (error) {
      const failure = asFailure(error);
      if (changes.current !== before) return;
      change(
        failure.code === 'not_signed_in'
          ? { status: 'signed_out', reason: 'never' }
          : { status: 'failed', failure },
      );
    }
  }, [change]);

  useEffect(
    () =>
      watchFailures((failure, path) => {
        if (failure.code === 'not_signed_in' && path !== sessionPath) {
          change((current) => (current.status === 'signed_in' ? { status: 'signed_out', reason: 'ended' } : current));
        }
        if (failure.code === 'two_factor_setup_required') {
          change((current) =>
            current.status === 'signed_in'
              ? { status: 'signed_in', session: { ...current.session, setupRequired: true } }
              : current,
          );
        }
      }),
    [change],
  );

  useEffect(() => {
    if (state.status === 'signed_in' || state.status === 'signed_out') noteSignedIn(state.status === 'signed_in');
  }, [state.status]);

  const value = useMemo<SessionContextValue>(
    () => ({
      state,
      load,
      // At once: the page that is gone to next must not be rendered with the state of before.
      signedIn: (session) => flushSync(() => change({ status: 'signed_in', session })),
      signedOut: (reason) => flushSync(() => change({ status: 'signed_out', reason })),
      devicesChanged: (devices) => change((current) => withDevice(current, devices)),
    }),
    [state, load, change],
  );
  return <SessionContext value={value}>{children}</SessionContext>;
}

function withDevice(current: SessionState, devices: Device[]): SessionState {
  const here = devices.find((device) => device.current);
  if (current.status !== 'signed_in' || !here) return current;
  const device = { ...current.session.device, trusted: here.trusted, trustedUntil: here.trustedUntil };
  return { status: 'signed_in', session: { ...current.session, device } };
}

/** Who is signed in, and how to say that this has changed. */
export function useSession(): SessionContextValue {
  const value = use(SessionContext);
  if (!value) throw new Error('useSession outside of SessionProvider');
  return value;
}

/** The session, on a page that is only shown to somebody who is signed in. */
export function useSignedIn(): Session {
  const { state } = useSession();
  if (state.status !== 'signed_in') throw new Error('useSignedIn on a page that does not require a session');
  return state.session;
}
