/** One secret a browser was given, as its hash. Live until it or a sibling is presented. */
export interface DeviceSecret {
  hash: string;
  supersededAt: string | null;
}

/** How long a superseded secret is still taken: two tabs that log in at the same moment hold the same one. */
export const graceMs = 60_000;
const keptSecrets = 50;

/** `exchangedAt`: when the presented secret was exchanged before, by a login whose answer may not have arrived; null for a live one. */
export type Rotation = { recognized: true; secrets: DeviceSecret[]; exchangedAt: string | null } | { recognized: false };

/**
 * Exchanges a presented secret for the next one (norm 22). A live one ends itself and its siblings; one within the grace
 * adds a sibling, so that ten logins at once all go in and whichever cookie the browser kept is good later. Anything else
 * is an old secret used again: not recognized.
 */
export function rotateSecrets(secrets: readonly DeviceSecret[], presentedHash: string, nextHash: string, now: Date): Rotation {
  const presented = secrets.find(({ hash }) => hash === presentedHash);
  if (!presented) return { recognized: false };
  const next: DeviceSecret = { hash: nextHash, supersededAt: null };
  const withinGrace = (at: string) => now.getTime() - Date.parse(at) < graceMs;
  if (presented.supersededAt === null) {
    const superseded = secrets.map((secret) => ({ ...secret, supersededAt: secret.supersededAt ?? now.toISOString() }));
    return { recognized: true, secrets: [...superseded.filter(({ supersededAt }) => withinGrace(supersededAt)), next].slice(-keptSecrets), exchangedAt: null };
  }
  const exchangedAt = presented.supersededAt;
  if (!withinGrace(exchangedAt)) return { recognized: false };
  // The same request once more, after a crash: the secret it gave may have been exchanged since, and must not live again.
  if (secrets.some(({ hash }) => hash === nextHash)) return { recognized: true, secrets: [...secrets], exchangedAt };
  return { recognized: true, secrets: [...secrets, next].slice(-keptSecrets), exchangedAt };
}
