let aheadMs = 0;

/**
 * Learns from an answer how far the server's clock is ahead of this device's, so that countdowns to the server's
 * times are right on a device whose clock is not. `Date` has whole seconds; less than two is not worth correcting.
 */
export function readServerClock(response: Response): void {
  const date = Date.parse(response.headers.get('Date') ?? '');
  if (Number.isNaN(date)) return;
  const difference = date - Date.now();
  aheadMs = Math.abs(difference) < 2000 ? 0 : difference;
}

/** Now, by the server's clock, in milliseconds. */
export function serverNow(): number {
  return Date.now() + aheadMs;
}
