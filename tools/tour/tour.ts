import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { rootDirectory } from '../paths.ts';

export const demoPassword = 'correct-horse-battery-staple';
const sizes = { wide: { width: 1000, height: 640 }, phone: { width: 390, height: 760 } };
const userAgent = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
const screenshots = join(rootDirectory, 'docs/screenshots');
const pages = join(rootDirectory, 'docs/tour');

/** What a tour walks through. */
export interface Place {
  browser: Browser;
  baseUrl: string;
  inboxUrl: string;
}

/** One role's way through the website: pictures, each with what is to be seen on it, and the page that shows them in that order. */
export class Tour {
  private readonly name: string;
  private readonly place: Place;
  private readonly parts: string[];
  readonly baseUrl: string;

  constructor(place: Place, name: string, title: string, lead: string) {
    this.place = place;
    this.name = name;
    this.baseUrl = place.baseUrl;
    this.parts = [`# ${title}\n\n${lead}`];
  }

  /** A browser of somebody who has never been here. */
  async open(size: keyof typeof sizes = 'wide'): Promise<Page> {
    const context = await this.place.browser.newContext({ viewport: sizes[size], baseURL: this.baseUrl, locale: 'en-US', timezoneId: 'America/New_York', userAgent });
    // At a first load the pages do without their font rather than wait for it.
    await context.route('**/*.css', async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: (await answer.text()).replace(/font-display:\s*\w+/g, 'font-display:block') });
    });
    return context.newPage();
  }

  /** What the page shows in its window, or as much of it as there is up to that height. */
  async picture(page: Page, file: string, heading: string, text: string, upTo = 0): Promise<void> {
    const window = page.viewportSize() ?? sizes.wide;
    const whole = Number(await page.evaluate('document.documentElement.scrollHeight'));
    const height = Math.max(window.height, Math.min(whole, upTo));
    await page.setViewportSize({ ...window, height });
    await page.evaluate('window.scrollTo(0, 0)');
    await page.evaluate('document.fonts.ready');
    // Whatever glides into its place has done so.
    await page.waitForTimeout(400);
    const path = `${this.name}-${file}.webp`;
    await takePicture(page, join(screenshots, path));
    await page.setViewportSize(window);
    this.parts.push(`## ${heading}\n${text}\n\n<img src="../screenshots/${path}" alt="${heading}" width="${Math.round(window.width * 0.7)}">`);
  }

  async signIn(page: Page, loginName: string): Promise<void> {
    if (new URL(page.url(), this.baseUrl).pathname !== '/sign-in') await page.goto('/sign-in');
    await page.getByLabel('Login name').fill(loginName);
    await page.getByLabel('Password', { exact: true }).fill(demoPassword);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }

  /** What the newest message to there has of this, once one has come since `ask`. */
  async received(to: string, what: RegExp, ask: () => Promise<unknown>): Promise<string> {
    const after = Date.now();
    await ask();
    for (let tries = 0; tries < 100; tries += 1) {
      const answer = await fetch(`${this.place.inboxUrl}/messages?to=${encodeURIComponent(to)}&limit=5`);
      const messages = (await answer.json()) as { text: string; receivedAt: string }[];
      const found = messages.filter(({ receivedAt }) => Date.parse(receivedAt) >= after).map(({ text }) => what.exec(text)?.[1]).find(Boolean);
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`nothing like ${what} came to ${to}`);
  }

  codeFor = (to: string, ask: () => Promise<unknown>) => this.received(to, /\b(\d{6})\b/, ask);

  write(): void {
    mkdirSync(pages, { recursive: true });
    const end = 'Made from the running system by `node tools/screenshots.ts`.';
    writeFileSync(join(pages, `${this.name}.md`), `${[...this.parts, end].join('\n\n')}\n`);
  }
}

/** As WebP, a quarter of what PNG takes. */
export async function takePicture(page: Page, path: string): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  const { data } = await cdp.send('Page.captureScreenshot', { format: 'webp', quality: 75 });
  await cdp.detach();
  writeFileSync(path, Buffer.from(data, 'base64'));
}

export function emptyScreenshots(): void {
  rmSync(screenshots, { recursive: true, force: true });
  mkdirSync(screenshots, { recursive: true });
}
