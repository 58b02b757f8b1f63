import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { type ApiClient, demoPassword } from './api-client.ts';
import { system } from './demo.ts';

const sizes = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

let browser: Browser | undefined;
let contexts: BrowserContext[] = [];
let errors: string[] = [];

/** A browser for the tests of a file. Any error of a page that they opened fails the test. */
export function useBrowser(): void {
  beforeAll(async () => {
    // Debian's Chromium, headless. The switches keep it from looking for hosts that a closed network refuses.
    browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    });
  });
  afterEach(async () => {
    const found = errors;
    await Promise.all(contexts.map((context) => context.close()));
    contexts = [];
    errors = [];
    expect(found, 'errors of the pages').toEqual([]);
  });
  afterAll(() => browser?.close());
}

/** A fresh browser profile of a person who reads that language, or one with the cookies of a client that has signed in already. */
export async function openPage(size: keyof typeof sizes = 'desktop', client?: ApiClient, locale = 'en-US'): Promise<Page> {
  if (!browser) throw new Error('call useBrowser in the test file first');
  const context = await browser.newContext({ viewport: sizes[size], baseURL: system().baseUrl, locale });
  contexts.push(context);
  context.setDefaultTimeout(15_000);
  const cookies = ['__Host-session', '__Host-device'].map((name) => ({ name, value: client?.cookie(name) ?? '' })).filter(({ value }) => value);
  // A `__Host-` cookie has to come from https; that localhost is as good is known to the network only.
  const url = system().baseUrl.replace('http:', 'https:');
  await context.addCookies(cookies.map((cookie) => ({ ...cookie, url, secure: true, httpOnly: true, sameSite: 'Lax' as const })));
  const page = await context.newPage();
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    // The browser notes every refusal of the API; the pages expect those. All else (CSP, React, a missing file) is a fault.
    const refusal = /status of 4\d\d/.test(message.text()) && message.location().url.includes('/v1/');
    if (message.type() === 'error' && !refusal) errors.push(message.text());
  });
  return page;
}

export async function fillSignIn(page: Page, loginName: string, password = demoPassword): Promise<void> {
  if (new URL(page.url(), system().baseUrl).pathname !== '/sign-in') await page.goto('/sign-in');
  await page.getByLabel('Login name').fill(loginName);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

export const codeField = (page: Page): Locator => page.getByLabel('Code', { exact: true });
export const untilAt = (page: Page, path: string) => page.waitForURL((url) => url.pathname === path);

/** Goes on by the keyboard until it is there; fails when the whole page, which may list a hundred devices, has no way to it. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let steps = 0; steps < 500; steps += 1) {
    await page.keyboard.press('Tab');
    if ((await target.and(page.locator(':focus')).count()) === 1) return;
  }
  throw new Error(`the Tab key does not lead to ${target}`);
}

/** WCAG 1.4.10: nothing may need scrolling in two directions at 320 px. */
const narrowest = { width: 320, height: 640 };

/** WCAG 2.2 AA as far as a program can tell, and no sideways scrolling at any width. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  const before = page.viewportSize() ?? sizes.desktop;
  for (const viewport of [sizes.desktop, sizes.phone, narrowest]) {
    await page.setViewportSize(viewport);
    expect(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth'), `${what} at ${viewport.width} px: sideways by`).toBeLessThanOrEqual(0);
  }
  // At the narrowest, where targets lie closest. Without a page of its own for frames, which ours have none of: a quarter of the time.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`), what).toEqual([]);
  await page.setViewportSize(before);
}
