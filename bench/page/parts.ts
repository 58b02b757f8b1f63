import type { Spread } from '../flows/figures.ts';

export type Circumstances = { measuredAt: string; commit: string; machine: { processors: number; model: string; memoryGB: number; system: string; loadAtStart: number }; versions: Record<string, string> };

/** When, where and with what it was measured. */
export function circumstances({ measuredAt, commit, machine, versions }: Circumstances): string {
  return [
    `Measured ${measuredAt.slice(0, 16).replace('T', ' ')} UTC at commit ${commit.slice(0, 10)}${commit.slice(40)}, on ${machine.processors} processors (${machine.model}) with ${machine.memoryGB} GB,`,
    `${machine.system}; load average before the start: ${machine.loadAtStart}. ${Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(', ')}.`,
  ].join('\n');
}

export function table(heads: string[], rows: string[][]): string {
  return [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

export const withSpread = ({ median, least, most }: Spread) => `${median} (${least}–${most})`;
