import type { CDPSession, Page } from 'playwright-core';
import { PNG } from 'pngjs';

/** How a page came up on Lighthouse's telephone; times in milliseconds. */
export interface Load {
  firstContentfulPaint: number;
  speedIndex: number;
  largestContentfulPaint: number;
  totalBlockingTime: number;
  cumulativeLayoutShift: number;
}

// Lighthouse's mobile preset: a mid-range telephone, a processor a quarter as fast as this one, and slow 4G as the DevTools apply it.
const screen = { width: 412, height: 823, deviceScaleFactor: 1.75, mobile: true };
const slowCpu = 4;
const slow4G = { offline: false, latency: 562.5, downloadThroughput: (1_474.56 * 1024) / 8, uploadThroughput: (675 * 1024) / 8 };

const observe = `
  window.load = { paint: 0, largest: 0, tasks: [], shifts: [] };
  const on = (type, see) => new PerformanceObserver((list) => list.getEntries().forEach(see)).observe({ type, buffered: true });
  on('paint', ({ name, startTime }) => { if (name === 'first-contentful-paint') window.load.paint = startTime; });
  on('largest-contentful-paint', ({ startTime }) => { window.load.largest = startTime; });
  on('longtask', ({ startTime, duration }) => window.load.tasks.push({ startTime, duration }));
  on('layout-shift', ({ value, startTime, hadRecentInput }) => { if (!hadRecentInput) window.load.shifts.push({ value, startTime }); });
`;
interface Seen {
  paint: number;
  largest: number;
  tasks: { startTime: number; duration: number }[];
  shifts: { value: number; startTime: number }[];
}
/** Nothing that still loads, and no task of the page, for so long: it has come up. */
const quietMs = 1_500;

/** Loads the address into a page that has loaded nothing yet. */
export async function measureLoad(page: Page, address: string): Promise<Load> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Emulation.setDeviceMetricsOverride', screen);
  await cdp.send('Network.enable');
  await cdp.send('Network.emulateNetworkConditions', slow4G);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: slowCpu });
  await page.addInitScript(observe);
  const film = await startFilm(cdp);
  await page.goto(address, { waitUntil: 'networkidle' });
  await page.waitForTimeout(quietMs);
  await cdp.send('Page.stopScreencast');
  const { startedAt, ...seen } = (await page.evaluate('({ ...window.load, startedAt: performance.timeOrigin })')) as Seen & { startedAt: number };
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  await cdp.send('Network.disable');
  return {
    firstContentfulPaint: seen.paint,
    speedIndex: speedIndex(film, startedAt),
    largestContentfulPaint: seen.largest,
    totalBlockingTime: blockingTime(seen.tasks, seen.paint),
    cumulativeLayoutShift: worstWindow(seen.shifts),
  };
}

/** What is beyond 50 ms of each task since something is to be seen. */
function blockingTime(tasks: Seen['tasks'], since: number): number {
  return tasks.reduce((sum, { startTime, duration }) => sum + Math.max(0, startTime + duration - Math.max(startTime, since) - 50), 0);
}

/** The shifts of the worst window: less than a second between two, five seconds at most. */
function worstWindow(shifts: Seen['shifts']): number {
  let [worst, sum, first, last] = [0, 0, -Infinity, -Infinity];
  for (const { value, startTime } of shifts) {
    if (startTime - last >= 1_000 || startTime - first >= 5_000) [sum, first] = [0, startTime];
    last = startTime;
    sum += value;
    worst = Math.max(worst, sum);
  }
  return worst;
}

interface Frame {
  at: number;
  png: string;
}

async function startFilm(cdp: CDPSession): Promise<Frame[]> {
  const frames: Frame[] = [];
  cdp.on('Page.screencastFrame', ({ data, metadata, sessionId }) => {
    frames.push({ at: (metadata.timestamp ?? 0) * 1000, png: data });
    // The page may be gone meanwhile.
    void cdp.send('Page.screencastFrameAck', { sessionId }).catch(() => undefined);
  });
  await cdp.send('Page.startScreencast', { format: 'png', maxWidth: 206, maxHeight: 412, everyNthFrame: 1 });
  return frames;
}

/** The time until the page looks as in the end, each moment weighing by how far it was from that: by the counts of its colours. */
function speedIndex(frames: Frame[], startedAt: number): number {
  const film = frames.map(({ at, png }) => ({ at: Math.max(0, at - startedAt), colors: countColors(png) }));
  const [first, last] = [film[0], film.at(-1)];
  if (!first || !last) throw new Error('the browser sent no picture of the page');
  const distance = (one: Uint32Array, other: Uint32Array) => one.map((count, index) => Math.abs(count - (other[index] ?? 0)));
  const way = distance(first.colors, last.colors);
  const whole = way.reduce((sum, value) => sum + value, 0);
  const done = (colors: Uint32Array) => (whole === 0 ? 1 : distance(first.colors, colors).reduce((sum, value, index) => sum + Math.min(value, way[index] ?? 0), 0) / whole);
  // Before the first picture, and where it was of the page before, nothing was there.
  return film.reduce((sum, { at, colors }, index) => sum + (1 - done(colors)) * ((film[index + 1]?.at ?? at) - at), first.at);
}

/** How many pixels have each level of red, of green and of blue. */
function countColors(png: string): Uint32Array {
  const { data } = PNG.sync.read(Buffer.from(png, 'base64'));
  const counts = new Uint32Array(3 * 256);
  for (let pixel = 0; pixel < data.length; pixel += 4) for (let color = 0; color < 3; color += 1) counts[color * 256 + (data[pixel + color] ?? 0)]! += 1;
  return counts;
}
