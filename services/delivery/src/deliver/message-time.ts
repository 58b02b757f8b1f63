/** The moment that a UUIDv7 was made at (RFC 9562 5.7), or the one that a reset's attempt (version 8) is made of; undefined for any other UUID. */
export function timeOfId(id: string): Date | undefined {
  return id[14] === '7' || id[14] === '8' ? new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)) : undefined;
}

const hourMs = 3_600_000;

/**
 * The moments between which the messages of these attempts were queued, so that the ledger looks into their partitions only:
 * an attempt lives for minutes, clocks differ by less than an hour.
 */
export function queuedBetween(attemptIds: readonly string[]): [Date, Date] {
  const madeAt = attemptIds.map((id) => timeOfId(id)?.getTime());
  if (!madeAt.every((time) => time !== undefined)) return [new Date(0), new Date(8.64e15)];
  return [new Date(Math.min(...madeAt) - hourMs), new Date(Math.max(...madeAt) + 24 * hourMs)];
}

/** The moments between which the messages of the last so many milliseconds were queued. */
export const queuedWithin = (ms: number, now: Date): [Date, Date] => [new Date(now.getTime() - ms), new Date(now.getTime() + hourMs)];
