/** Where to go after signing in: a path of this site, never an address that would lead away from it. */
export function safeReturnPath(path: string | null): string {
  if (!path?.startsWith('/')) return '/';
  // The browser's own reading decides: "//host", "/\host" and tabs or line breaks in between lead away.
  const site = 'https://site.invalid';
  const url = URL.canParse(path, site) ? new URL(path, site) : null;
  if (!url || url.origin !== site || url.pathname.startsWith('/sign-in')) return '/';
  // "/a/..//host" is of this site, yet what remains of it would be read as another host.
  if (url.pathname.startsWith('//')) return '/';
  return `${url.pathname}${url.search}${url.hash}`;
}

/** Leads on to the app that asked for the sign-in, if its address is allowed: only the server knows which are. */
const serverReturn = '/v1/login/return';

/** Where the sign-in page's own address says to go: to an app (`rd`, as gateways write it) or a page of this site (`next`). */
export function returnPathIn(search: string): string {
  const query = new URLSearchParams(search);
  const rd = query.get('rd');
  return rd === null ? safeReturnPath(query.get('next')) : `${serverReturn}?rd=${encodeURIComponent(rd)}`;
}

/** A path that the browser has to load, because it is the server's and no page of this site. */
export const isServerReturn = (path: string): boolean => path.startsWith(`${serverReturn}?`);

/** The sign-in page's address, with the way back to the page that asked for it. */
export function signInPath(returnTo: string): string {
  return returnTo === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(returnTo)}`;
}
