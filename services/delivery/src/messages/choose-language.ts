/** A language tag as BCP 47 writes it (`pt_br` is `pt-BR`), or undefined for what is none. */
export function canonicalTag(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag.replaceAll('_', '-'))[0];
  } catch {
    return undefined;
  }
}

/**
 * The language to write in: of those wished for, best first, the first that there is. A wish is met by exactly its tag,
 * else by the same with its end cut off (RFC 4647 3.4, lookup): `de-AT` by `de`.
 */
export function chooseLanguage(wishes: readonly (string | undefined)[], available: { has(tag: string): boolean }, last: string): string {
  for (const wish of wishes) {
    const parts = (wish ? canonicalTag(wish) : undefined)?.split('-') ?? [];
    for (; parts.length > 0; parts.pop()) {
      const tag = parts.join('-');
      if (available.has(tag)) return tag;
    }
  }
  return last;
}
