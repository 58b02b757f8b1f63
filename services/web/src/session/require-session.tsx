import { type ReactNode, useEffect } from 'react';
import { Redirect, useLocation, useSearch } from 'wouter';
import { LoadFailed } from '../components/load-failed.tsx';
import { Loading } from '../components/loading.tsx';
import { signInPath } from './return-path.ts';
import { useSession } from './session-context.tsx';

const setUpPath = '/security/set-up';

/** Lets only somebody who is signed in pass; leads to sign-in and back, or to the set-up that the provider requires. */
export function RequireSession({ children }: { children: ReactNode }) {
  const { state, load } = useSession();
  const [path] = useLocation();
  const search = useSearch();

  useEffect(() => {
    if (state.status === 'unknown') void load();
  }, [state.status, load]);

  switch (state.status) {
    case 'unknown':
      return <Loading />;
    case 'failed':
      return <LoadFailed failure={state.failure} onRetry={load} />;
    case 'signed_out': {
      const here = search ? `${path}?${search}` : path;
      const back = state.reason === 'signed_out' || state.reason === 'two_factor_changed' ? '/' : here;
      return <Redirect to={signInPath(back)} replace />;
    }
    case 'signed_in':
      if (state.session.setupRequired && !path.startsWith(setUpPath)) {
        return <Redirect to={setUpPath} replace />;
      }
      return children;
  }
}
