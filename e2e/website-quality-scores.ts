import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import type { Load } from './website-quality-load.ts';

// Lighthouse itself takes 185 MB with what it depends on. These are its measures, weights and curves, as it publishes them:
// developer.chrome.com/docs/lighthouse/performance/performance-scoring

/** Of each measure: its part of the score, the value that scores 0.9, and the one that scores 0.5. */
const curves: Record<keyof Load, { weight: number; good: number; median: number }> = {
  firstContentfulPaint: { weight: 0.1, good: 1_800, median: 3_000 },
  speedIndex: { weight: 0.1, good: 3_387, median: 5_800 },
  largestContentfulPaint: { weight: 0.25, good: 2_500, median: 4_000 },
  totalBlockingTime: { weight: 0.3, good: 200, median: 600 },
  cumulativeLayoutShift: { weight: 0.25, good: 0.1, median: 0.25 },
};
const measures = Object.keys(curves) as (keyof Load)[];

/** From 0 to 100. */
export const performanceScore = (load: Load): number => Math.round(measures.reduce((sum, measure) => sum + curves[measure].weight * scoreOf(measure, load[measure]), 0) * 100);

/** The part of all values that is worse than this one, if their logarithms are spread normally. */
export function scoreOf(measure: keyof Load, value: number): number {
  if (value <= 0) return 1;
  const { good, median } = curves[measure];
  const quantileOfGood = 0.9061938024368232;
  return (1 - erf((quantileOfGood * Math.log(value / median)) / Math.log(median / good))) / 2;
}

/** Abramowitz and Stegun, 7.1.26: right to 1.5e-7. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) * Math.exp(-x * x);
  return Math.sign(x) * (1 - tail);
}

/** What axe finds by any of its rules, those that are no part of WCAG as well: Lighthouse gives 100 where its choice of them finds nothing. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

const watchPermissions = `
  window.asked = [];
  for (const [owner, name] of [[Geolocation.prototype, 'getCurrentPosition'], [Geolocation.prototype, 'watchPosition'], [Notification, 'requestPermission']]) {
    const real = owner[name];
    owner[name] = function (...values) { window.asked.push('permission-on-start: ' + name); return real.apply(this, values); };
  }
`;
const lookAtDocument = `(() => {
  const faults = [...window.asked];
  if (document.compatMode !== 'CSS1Compat' || document.doctype?.name !== 'html') faults.push('doctype');
  if (document.characterSet !== 'UTF-8') faults.push('charset: ' + document.characterSet);
  if (!/width=device-width|initial-scale=/.test(document.querySelector('meta[name=viewport]')?.content ?? '')) faults.push('viewport');
  for (const field of document.querySelectorAll('input, textarea')) {
    if (!field.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true }))) faults.push('paste-preventing-inputs: ' + field.outerHTML);
  }
  for (const image of document.images) {
    const { naturalWidth, naturalHeight, width, height, currentSrc } = image;
    if (!/\\.svg|^data:image\\/svg/.test(currentSrc) && Math.abs(naturalWidth / naturalHeight - width / height) > 0.05) faults.push('image-aspect-ratio: ' + currentSrc);
    if (!/\\.svg|^data:image\\/svg/.test(currentSrc) && naturalWidth < width) faults.push('image-size-responsive: ' + currentSrc);
  }
  let [all, small] = [0, 0];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { parentElement, textContent } = texts.currentNode;
    if (!parentElement.checkVisibility() || parentElement.closest('script, noscript, style')) continue;
    const { length } = textContent.trim();
    all += length;
    if (parseFloat(getComputedStyle(parentElement).fontSize) < 12) small += length;
  }
  if (small > all * 0.4) faults.push('font-size: ' + small + ' of ' + all + ' characters');
  return faults;
})()`;

const issuesThatCount = new Set<string>(['MixedContentIssue', 'CookieIssue', 'BlockedByResponseIssue', 'HeavyAdIssue', 'ContentSecurityPolicyIssue', 'DeprecationIssue', 'QuirksModeIssue']);

/** To be called before the page loads; what it gives is asked when it has. The names are those of Lighthouse's audits. */
export async function watchBestPractices(page: Page): Promise<() => Promise<string[]>> {
  const faults: string[] = [];
  const cdp = await page.context().newCDPSession(page);
  cdp.on('Audits.issueAdded', ({ issue }) => void (issuesThatCount.has(issue.code) && faults.push(`inspector-issues: ${issue.code} ${JSON.stringify(issue.details).slice(0, 300)}`)));
  cdp.on('Log.entryAdded', ({ entry }) => void (entry.level === 'error' && faults.push(`errors-in-console: ${entry.text} ${new URL(entry.url ?? page.url()).pathname}`)));
  cdp.on('Runtime.exceptionThrown', ({ exceptionDetails }) => void faults.push(`errors-in-console: ${exceptionDetails.text}`));
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (!['https:', 'data:', 'blob:'].includes(protocol) && hostname !== 'localhost' && hostname !== '127.0.0.1') faults.push(`is-on-https: ${request.url()}`);
  });
  await cdp.send('Audits.enable');
  await cdp.send('Log.enable');
  await cdp.send('Runtime.enable');
  await page.addInitScript(watchPermissions);
  return async () => [...faults, ...((await page.evaluate(lookAtDocument)) as string[])];
}
