import type { FlowsResult } from '../flows.ts';
import { type FlowName, flowTitles, type Side, sides, sideTitles, withHash } from './plan.ts';

const width = 760;
const left = 250;
const right = 120;
const barHeight = 18;
const colours: Record<Side, string> = { latchkey: '#1f6feb', peer: '#8b949e' };

/** Flows a second as bars, the spread over the rounds as a line, and the bound of the hash where it is one. */
export function flowsPlot({ flows, hash, settings }: FlowsResult): string {
  const parts: string[] = [];
  let y = 46;
  for (const [name, results] of Object.entries(flows) as [FlowName, NonNullable<FlowsResult['flows'][FlowName]>][]) {
    const bound = withHash.includes(name) ? hash.perSecond.median : undefined;
    const bars = settings.users.flatMap((users) => sides.map((side) => ({ users, side, rate: results[side].closed[String(users)]?.perSecond ?? { median: 0, least: 0, most: 0 } })));
    const longest = Math.max(bound ?? 0, ...bars.map(({ rate }) => rate.most));
    const x = (value: number) => (left + (value / longest) * (width - left - right)).toFixed(1);
    parts.push(text(10, y, flowTitles[name], 'font-weight="bold"'));
    y += 10;
    const top = y;
    for (const { users, side, rate } of bars) {
      const middle = y + barHeight / 2;
      parts.push(
        text(left - 8, middle + 4, `${sideTitles[side]}, ${users} users`, 'text-anchor="end"'),
        `<rect x="${left}" y="${y}" width="${(Number(x(rate.median)) - left).toFixed(1)}" height="${barHeight - 3}" fill="${colours[side]}"/>`,
        `<line x1="${x(rate.least)}" x2="${x(rate.most)}" y1="${middle - 1.5}" y2="${middle - 1.5}" stroke="#111" stroke-width="2"/>`,
        text(Number(x(Math.max(rate.most, rate.median))) + 6, middle + 4, `${rate.median}/s`),
      );
      y += barHeight;
    }
    if (bound !== undefined) {
      parts.push(`<line x1="${x(bound)}" x2="${x(bound)}" y1="${top}" y2="${y}" stroke="#cf222e" stroke-dasharray="4 3"/>`, text(Number(x(bound)) + 4, top - 4, `hash alone: ${bound}/s`, 'fill="#cf222e"'));
    }
    y += 32;
  }
  const title = text(10, 20, 'Flows a second; lines: the least and the most of the rounds', 'font-size="14"');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y - 10}" viewBox="0 0 ${width} ${y - 10}" font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="#fff"/>\n${title}\n${parts.join('\n')}\n</svg>\n`;
}

function text(x: number, y: number, content: string, attributes = ''): string {
  return `<text x="${x}" y="${y}" ${attributes}>${content.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>`;
}
