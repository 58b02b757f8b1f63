import { useEffect, useState } from 'react';
import { serverNow } from '../api/server-clock.ts';

/** Whole seconds until a moment, rounded up, never below zero; `null` counts as now. */
export function secondsUntil(moment: string | number | null, now: number): number {
  if (moment === null) return 0;
  const at = typeof moment === 'number' ? moment : Date.parse(moment);
  return Number.isNaN(at) ? 0 : Math.max(0, Math.ceil((at - now) / 1000));
}

/** Seconds until a moment of the server's clock, counted down on the page. */
export function useCountdown(moment: string | number | null): number {
  const [, tick] = useState(0);
  const left = secondsUntil(moment, serverNow());
  const running = left > 0;
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => tick((count) => count + 1), 1000);
    return () => clearInterval(timer);
  }, [running, moment]);
  return left;
}
