import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootDirectory } from '../harness.ts';
import type { Second } from './scaling.ts';

const width = 860;
const panelHeight = 150;
const left = 64;
const gap = 34;
const ink = '#1f2933';
const pale = '#cbd2d9';

type Panel = { title: string; unit: string; color: string; values: (number | null)[]; line?: { at: number; says: string } };

/** docs/operations/scaling.svg: queue, workers and time-to-code over the same seconds. */
export function writeScalingPlot(timeline: Second[], promisedSeconds: number): void {
  const panels: Panel[] = [
    { title: 'Messages that wait or are being sent', unit: '', color: '#0a5c8f', values: timeline.map(({ ready, unacked }) => ready + unacked) },
    { title: 'Workers', unit: '', color: '#9b4f96', values: timeline.map(({ workers }) => workers) },
    { title: 'Sent in a second', unit: '', color: '#3f7d20', values: timeline.map(({ sent }) => sent) },
    { title: 'Time to code, p95 of the second', unit: ' s', color: '#b4531a', values: timeline.map(({ timeToCodeP95 }) => timeToCodeP95), line: { at: promisedSeconds, says: `${promisedSeconds} s` } },
  ];
  const seconds = timeline.map(({ second }) => second);
  const height = panels.length * (panelHeight + gap) + 40;
  const drawn = panels.map((panel, index) => drawPanel(panel, seconds, 24 + index * (panelHeight + gap)));
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="${ink}" role="img">
<title>Queue, workers and time to code through a burst</title>
<rect width="${width}" height="${height}" fill="#ffffff"/>
${drawn.join('\n')}
<text x="${width - 8}" y="${height - 8}" text-anchor="end">seconds</text>
</svg>
`;
  writeFileSync(join(rootDirectory, 'docs/operations/scaling.svg'), svg);
  console.log('Drawn in docs/operations/scaling.svg');
}

function drawPanel({ title, unit, color, values, line }: Panel, seconds: number[], top: number): string {
  const end = Math.max(...seconds, 1);
  const most = niceTop(Math.max(...values.map((value) => value ?? 0), line?.at ?? 0));
  const x = (second: number) => left + (second / end) * (width - left - 12);
  const y = (value: number) => top + panelHeight - (value / most) * panelHeight;
  const points = values.flatMap((value, index) => (value === null ? [] : [`${x(seconds[index] ?? 0).toFixed(1)},${y(value).toFixed(1)}`]));
  const rules = [0, most / 2, most].map((value) => `<path d="M${left} ${y(value)}H${width - 12}" stroke="${pale}"/><text x="${left - 6}" y="${y(value) + 4}" text-anchor="end">${shortNumber(value)}${unit}</text>`);
  const ticks = Array.from({ length: Math.floor(end / 120) + 1 }, (_, index) => `<text x="${x(index * 120).toFixed(1)}" y="${top + panelHeight + 14}" text-anchor="middle">${index * 120}</text>`);
  const aim = line ? `<path d="M${left} ${y(line.at)}H${width - 12}" stroke="${ink}" stroke-dasharray="4 4"/><text x="${width - 14}" y="${y(line.at) - 4}" text-anchor="end">${line.says}</text>` : '';
  return `<text x="${left}" y="${top - 8}" font-weight="bold">${title}</text>${rules.join('')}${ticks.join('')}${aim}<polyline fill="none" stroke="${color}" stroke-width="1.5" points="${points.join(' ')}"/>`;
}

/** The next of 1, 2, 5, 10, 20, … */
function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return ([1, 2, 5, 10].find((factor) => factor * power >= value) ?? 10) * power;
}

const shortNumber = (value: number) => (value >= 1_000 ? `${value / 1_000} k` : String(value));
