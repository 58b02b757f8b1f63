import type { Sample } from './soak.ts';

const width = 860;
const panelHeight = 220;
const left = 56;
const right = 130;
const colours = ['#0a5c8f', '#9b4f96', '#3f7d20', '#b4531a', '#5b6770', '#c02942', '#1b998b'];

/** Resident memory above, used heap below, a line for each service. */
export function soakPlot(samples: readonly Sample[]): string {
  const height = 2 * (panelHeight + 50) + 10;
  const panels = [drawPanel(samples, 'rssMB', 'Resident memory, MB', 30), drawPanel(samples, 'heapMB', 'Used heap, MB', 30 + panelHeight + 50)];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#1f2933" role="img">
<title>Memory of the services under logins at a fixed rate</title>
<rect width="${width}" height="${height}" fill="#ffffff"/>
${panels.join('\n')}
</svg>
`;
}

function drawPanel(samples: readonly Sample[], kind: 'rssMB' | 'heapMB', title: string, top: number): string {
  const names = Object.keys(samples[0]?.services ?? {});
  const end = Math.max(...samples.map(({ second }) => second), 60);
  const most = Math.ceil(Math.max(...samples.flatMap(({ services }) => names.map((name) => services[name]?.[kind] ?? 0)), 1) / 50) * 50;
  const x = (second: number) => left + (second / end) * (width - left - right);
  const y = (value: number) => top + panelHeight - (value / most) * panelHeight;
  const rules = [0, most / 2, most].map((value) => `<path d="M${left} ${y(value)}H${width - right}" stroke="#cbd2d9"/><text x="${left - 6}" y="${y(value) + 4}" text-anchor="end">${value}</text>`);
  const ticks = Array.from({ length: 5 }, (_, index) => `<text x="${x((end * index) / 4).toFixed(1)}" y="${top + panelHeight + 15}" text-anchor="middle">${Math.round((end * index) / 240)} min</text>`);
  const lines = names.map((name, index) => {
    const points = samples.map(({ second, services }) => `${x(second).toFixed(1)},${y(services[name]?.[kind] ?? 0).toFixed(1)}`);
    const colour = colours[index % colours.length];
    return `<polyline fill="none" stroke="${colour}" stroke-width="1.5" points="${points.join(' ')}"/><text x="${width - right + 8}" y="${top + 12 + index * 16}" fill="${colour}">${name}</text>`;
  });
  return `<text x="${left}" y="${top - 8}" font-weight="bold">${title}</text>${rules.join('')}${ticks.join('')}${lines.join('')}`;
}
