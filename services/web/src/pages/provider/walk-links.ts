import type { KeyboardEvent } from 'react';

/** The arrow keys lead from a search field into the list of its hits, through it, and back. */
export function walkLinks(event: KeyboardEvent, list: HTMLElement | null, field: HTMLElement | null): void {
  if ((event.key !== 'ArrowDown' && event.key !== 'ArrowUp') || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const stops = [field, ...(list?.querySelectorAll('a') ?? [])].filter((stop) => stop !== null);
  const here = stops.indexOf(document.activeElement as HTMLElement);
  const next = stops[here + (event.key === 'ArrowDown' ? 1 : -1)];
  if (here === -1 || !next) return;
  event.preventDefault();
  next.focus();
}
