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

/** The sign-in page's address, with the way back to the page that asked for it. */
export function signInPath(returnTo: string): string {
  return returnTo === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(returnTo)}`;
}
