import { useEffect } from 'react';
import { Redirect, useLocation } from 'wouter';
import { Loading } from '../components/loading.tsx';
import { isServerReturn } from './return-path.ts';

/** Goes to where the sign-in was for, in place of the page at hand: a page of this site, or by way of the server to an app. */
export function useGoOn(): (to: string, state?: object) => void {
  const [, navigate] = useLocation();
  return (to, state) => (isServerReturn(to) ? location.replace(to) : navigate(to, { replace: true, state }));
}

/** The same, as soon as it is shown. */
export function GoOn({ to }: { to: string }) {
  const leaves = isServerReturn(to);
  useEffect(() => {
    if (leaves) location.replace(to);
  }, [leaves, to]);
  return leaves ? <Loading /> : <Redirect to={to} replace />;
}
