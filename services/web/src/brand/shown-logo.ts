import { type ReactNode, useSyncExternalStore } from 'react';

// In the first load, which has no room for more: whatever makes a logo comes later.
let shown: ReactNode = null;
let changed = () => {};

/** Takes the place of ours in the header of all pages, until null does. */
export function showLogo(logo: ReactNode): void {
  shown = logo;
  changed();
}

/** There is one header at a time. */
const subscribe = (onChange: () => void) => {
  changed = onChange;
  return () => {};
};
export const useShownLogo = () => useSyncExternalStore(subscribe, () => shown);
