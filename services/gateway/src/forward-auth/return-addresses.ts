/** Where a person may be led back to after signing in: the public address and the origins of a list, nothing else. */
export class ReturnAddresses {
  private readonly publicUrl: URL;
  private readonly origins: ReadonlySet<string>;

  constructor(publicUrl: string, returnUrls: readonly string[]) {
    this.publicUrl = new URL(publicUrl);
    this.origins = new Set([this.publicUrl.origin, ...returnUrls.map((url) => new URL(url).origin)]);
  }

  /** The address as a browser would read it, if it is allowed. A name before an `@` only pretends to be a host. */
  allowed(address: unknown): URL | null {
    if (typeof address !== 'string') return null;
    const url = URL.parse(address);
    if (!url || url.username || url.password || !/^https?:$/.test(url.protocol)) return null;
    return this.origins.has(url.origin) ? url : null;
  }

  /**
   * The session cookie belongs to one host name (`__Host-`), whatever the port: under another name than the public one a
   * person signs in right there, else the session would never come along and the two would send each other round.
   */
  loginPage(address: URL): string {
    const { origin } = address.hostname === this.publicUrl.hostname ? this.publicUrl : address;
    return `${origin}/sign-in?rd=${encodeURIComponent(address.href)}`;
  }
}
