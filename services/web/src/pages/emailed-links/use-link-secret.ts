import { useSyncExternalStore } from 'react';

const subscribe = (listener: () => void) => {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
};
const read = () => location.hash.slice(1);

/**
 * The secret of an emailed link, which stands after `#`, so that no server sees it by the page being opened; null where
 * the link was cut. Another link opened in the same tab is another secret.
 */
export function useLinkSecret(): string | null {
  const secret = useSyncExternalStore(subscribe, read);
  return /^[a-z]{56}$/i.test(secret) ? secret : null;
}

/** Once it is used up, it has no business in the address bar and the history any more. */
export function clearLinkSecret(): void {
  history.replaceState(history.state, '', location.pathname);
}
