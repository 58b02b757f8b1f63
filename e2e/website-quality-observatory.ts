/** An answer as a scanner sees it. */
export interface Answer {
  path: string;
  headers: Headers;
  cookies: string[];
}

/** A rule of Mozilla's HTTP Observatory with what it adds to, or takes from, 100; `points` of the best that it can give are normal. */
interface Verdict {
  rule: string;
  points: number;
}

// The rules as Mozilla publishes them: developer.mozilla.org/en-US/observatory/docs/tests_and_scoring. A bonus counts from 90 on.
// Left out: redirects from http, which are the proxy's in front, and scripts of others, which the policy below shuts out.
const rules = [contentSecurityPolicy, cookies, crossOriginResourceSharing, referrerPolicy, strictTransportSecurity, contentTypeOptions, framing, crossOriginResourcePolicy];

/** From 0 up, 100 and more is A+; with the rules that took something. */
export function observatoryScore(answer: Answer): { score: number; lost: string[] } {
  const verdicts: Verdict[] = rules.map((rule) => ({ rule: rule.name, points: rule(answer) }));
  const lost = verdicts.filter(({ points }) => points < 0);
  const base = 100 + lost.reduce((sum, { points }) => sum + points, 0);
  const bonus = base >= 90 ? verdicts.reduce((sum, { points }) => sum + Math.max(0, points), 0) : 0;
  return { score: Math.max(0, base + bonus), lost: lost.map(({ rule, points }) => `${rule} ${points}`) };
}

export function policyOf(headers: Headers): Map<string, string[]> {
  const directives = (headers.get('content-security-policy') ?? '').split(';').map((directive) => directive.trim().toLowerCase().split(/\s+/));
  return new Map(directives.filter(([name]) => name).map(([name = '', ...sources]) => [name, sources]));
}

function contentSecurityPolicy({ headers }: Answer): number {
  const policy = policyOf(headers);
  if (policy.size === 0) return -25;
  const otherwise = policy.get('default-src') ?? ['*'];
  const sourcesOf = (name: string) => policy.get(name) ?? otherwise;
  const open = (sources: string[]) => sources.some((source) => ['*', 'http:', 'https:', 'data:'].includes(source));
  const scripts = [...sourcesOf('script-src'), ...sourcesOf('object-src')];
  if (scripts.includes("'unsafe-inline'") || open(scripts)) return -20;
  if (scripts.includes("'unsafe-eval'")) return -10;
  if ([...policy.values()].flat().some((source) => source.startsWith('http:'))) return -20;
  if (sourcesOf('style-src').includes("'unsafe-inline'")) return 0;
  return otherwise.join() === "'none'" ? 10 : 5;
}

function cookies({ cookies: set }: Answer): number {
  const attributes = set.map((cookie) => cookie.toLowerCase().split(/;\s*/).slice(1));
  const all = (test: (of: string[]) => boolean) => attributes.every(test);
  if (set.length === 0) return 0;
  if (!all((of) => of.includes('secure'))) return -40;
  // Ours are secrets without exception.
  if (!all((of) => of.includes('httponly'))) return -30;
  return all((of) => of.some((attribute) => /^samesite=(lax|strict)$/.test(attribute))) ? 5 : 0;
}

/** Open to everybody is what a public document may be; with the visitor's cookies, it is the visitor's data. */
function crossOriginResourceSharing({ headers }: Answer): number {
  return headers.has('access-control-allow-origin') && headers.get('access-control-allow-credentials') === 'true' ? -50 : 0;
}

function referrerPolicy({ headers }: Answer): number {
  const policy = headers.get('referrer-policy')?.split(',').at(-1)?.trim();
  if (policy === undefined) return 0;
  return ['no-referrer', 'same-origin', 'strict-origin', 'strict-origin-when-cross-origin'].includes(policy) ? 5 : -5;
}

function strictTransportSecurity({ headers }: Answer): number {
  const seconds = Number(/max-age=(\d+)/.exec(headers.get('strict-transport-security') ?? '')?.[1] ?? -1);
  if (seconds < 0) return -20;
  return seconds < 15_768_000 ? -10 : 0;
}

function contentTypeOptions({ headers }: Answer): number {
  return headers.get('x-content-type-options') === 'nosniff' ? 0 : -5;
}

function framing({ headers }: Answer): number {
  const ancestors = policyOf(headers).get('frame-ancestors');
  if (ancestors && !ancestors.includes('*')) return 5;
  return /^(deny|sameorigin)$/i.test(headers.get('x-frame-options') ?? '') ? 0 : -20;
}

function crossOriginResourcePolicy({ headers }: Answer): number {
  const policy = headers.get('cross-origin-resource-policy');
  if (policy === null) return 0;
  return policy === 'cross-origin' ? -5 : 10;
}
