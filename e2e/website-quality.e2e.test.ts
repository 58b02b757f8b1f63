import type { Page } from 'playwright-core';
import { expect, it, vi } from 'vitest';
import { openPage, useBrowser } from './browser.ts';
import { type Load, measureLoad } from './website-quality-load.ts';
import { accessibilityFaults, performanceScore, scoreOf, watchBestPractices } from './website-quality-scores.ts';

useBrowser();
vi.setConfig({ testTimeout: 120_000 });

/** Other work on the machine only makes a load slower: what the page can do is its best of a few. */
const loads = 6;
const enough = 95;
/** Measured: 95 on a machine at rest, 89 where two cores have five tasks, all of it from a later first paint. Below this it is the page. */
const least = 85;

async function bestLoad(): Promise<Load> {
  let best: Load | undefined;
  for (let load = 0; load < loads && (!best || performanceScore(best) < enough); load += 1) {
    const next = await measureLoad(await openPage('phone'), '/sign-in');
    if (!best || performanceScore(next) > performanceScore(best)) best = next;
  }
  return best!;
}

const figures = (load: Load) => Object.entries(load).map(([measure, value]) => `${measure} ${measure === 'cumulativeLayoutShift' ? value.toFixed(3) : `${Math.round(value)} ms`}`).join(', ');

it(`the sign-in page scores ${enough} of 100, or on a busy machine at least ${least}, for its load on a slow telephone over slow 4G, by Lighthouse's measures`, async () => {
  const load = await bestLoad();
  const score = performanceScore(load);
  console.log(`sign-in page, performance ${score}: ${figures(load)}`);
  expect(score, figures(load)).toBeGreaterThanOrEqual(least);
});

it.each(['light', 'dark'] as const)('the sign-in page, %s, has no fault of accessibility or of best practices', async (colorScheme) => {
  const page = await openPage('phone');
  await page.emulateMedia({ colorScheme });
  const bestPractices = await watchBestPractices(page);
  await page.goto('/sign-in', { waitUntil: 'networkidle' });
  expect(await page.getByLabel('Login name').isVisible()).toBe(true);
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(await bestPractices()).toEqual([]);
});

it('a page made badly on purpose is found out by each measure', async () => {
  const open = async (): Promise<Page> => {
    const page = await openPage('phone');
    await page.route('**/sign-in', (route) => route.fulfill({ contentType: 'text/html', body: badPage }));
    return page;
  };
  const load = await measureLoad(await open(), '/sign-in');
  expect(load.totalBlockingTime, figures(load)).toBeGreaterThan(800);
  expect(load.cumulativeLayoutShift, figures(load)).toBeGreaterThan(0.1);
  expect(performanceScore(load)).toBeLessThan(60);

  const page = await open();
  const bestPractices = await watchBestPractices(page);
  await page.goto('/sign-in', { waitUntil: 'networkidle' });
  expect((await accessibilityFaults(page)).join()).toMatch(/label.*|html-has-lang/);
  const faults = (await bestPractices()).join('\n');
  for (const audit of ['doctype', 'charset', 'viewport', 'paste-preventing-inputs', 'font-size', 'permission-on-start', 'inspector-issues']) expect(faults).toContain(audit);
});

it('the curves go through the points that Lighthouse publishes', () => {
  expect(scoreOf('largestContentfulPaint', 2_500)).toBeCloseTo(0.9, 5);
  expect(scoreOf('largestContentfulPaint', 4_000)).toBeCloseTo(0.5, 5);
  expect(scoreOf('totalBlockingTime', 200)).toBeCloseTo(0.9, 5);
  expect(scoreOf('cumulativeLayoutShift', 0)).toBe(1);
});

/** No doctype, charset, language, label or viewport; tiny text, no pasting, asks to notify, blocks, and grows above what is there. */
const badPage = `<head><meta http-equiv="content-type" content="text/html; charset=windows-1252"></head><body>
  <p style="font-size: 9px; height: 50vh; background: #aac">Sign in to a page of tiny words, all of them far too small to be read on any telephone.</p><input onpaste="return false">
  <script>
    Notification.requestPermission();
    setTimeout(() => {
      const until = performance.now() + 1000;
      while (performance.now() < until);
      const block = document.createElement('h1');
      block.style.cssText = 'height: 60vh; background: #a00; margin: 0';
      block.textContent = 'Moved everything down';
      document.body.prepend(block);
    }, 1500);
  </script></body>`;
