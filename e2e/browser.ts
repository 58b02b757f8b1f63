import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';

const sizes = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

let browser: Browser | undefined;

/** Debian's Chromium, headless. The switches keep it from looking for hosts that a closed network refuses. */
export async function launchBrowser(): Promise<void> {
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

export const closeBrowser = () => browser?.close();

/** A fresh browser profile; a script error on any of its pages fails the test that asks for `errors`. */
export async function openPage(baseUrl: string, size: keyof typeof sizes = 'desktop'): Promise<{ page: Page; context: BrowserContext; errors: string[] }> {
  if (!browser) throw new Error('launch the browser first');
  const context = await browser.newContext({ viewport: sizes[size], baseURL: baseUrl, locale: 'en-US' });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  return { page, context, errors };
}

/** WCAG 2.2 AA as far as a program can tell, and no sideways scrolling. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
}
