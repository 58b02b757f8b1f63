import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pixelmatch from 'pixelmatch';
import { type Browser, chromium, type Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { system } from './demo.ts';

const kept = join(import.meta.dirname, 'website-pictures');
const differences = join(import.meta.dirname, '../test-results/website-pictures');
const renew = process.env['LATCHKEY_RENEW_PICTURES'] === '1';

export const pictureSizes = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };

/**
 * How far a colour may be off, from 0 to 1, and how many pixels in any square of so many a side: another version of the browser
 * draws edges a little otherwise, but a word that changes, or moves, is hundreds of them in one place.
 */
const tolerance = { threshold: 0.15, windowSize: 48, pixels: 120 };

let browser: Browser | undefined;
const open: Page[] = [];

/** A browser that draws as on any other machine: the pages bring their font, and nothing is fitted to this screen. */
export function usePictureBrowser(): void {
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--font-render-hinting=none', '--disable-lcd-text', '--force-color-profile=srgb', '--hide-scrollbars'],
    });
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((page) => page.context().close()));
  });
  afterAll(() => browser?.close());
}

/** The same person's browser everywhere: language, clock and name of the device stand on the pages. */
export async function openForPictures(colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
  if (!browser) throw new Error('call usePictureBrowser in the test file first');
  const context = await browser.newContext({
    baseURL: system().baseUrl,
    viewport: pictureSizes.desktop,
    locale: 'en-US',
    timezoneId: 'UTC',
    colorScheme,
    reducedMotion: 'reduce',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
    // So that a style can be added below.
    bypassCSP: true,
  });
  context.setDefaultTimeout(15_000);
  // At a first load the pages do without their font rather than wait for it: then it is a matter of luck.
  await context.route('**/*.css', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: (await answer.text()).replace(/font-display:\s*\w+/g, 'font-display:block') });
  });
  const page = await context.newPage();
  open.push(page);
  return page;
}

/** The font of digits is the machine's own. Where the cursor blinks is a matter of luck. */
const sameEverywhere = `:root { --mantine-font-family-monospace: 'Figtree Variable' !important } * { caret-color: transparent !important; transition: none !important; animation: none !important }`;

/** Words that are others at every run take one form, so that neither they nor what follows them moves. */
const holdStill = `(() => {
  const forms = [
    [/\\b\\d{1,2}:\\d{2}(:\\d{2})?\\s[AP]M\\b/g, '9:41 AM'],
    [/\\b[A-Z][a-z]{2} \\d{1,2}, \\d{4}\\b/g, 'Jan 15, 2030'],
    [/\\b\\d+ (second|minute|hour)s? ago\\b/g, 'just now'],
    [/\\b\\d+ seconds?\\b/g, '30 seconds'],
    [/•••• \\d{4}/g, '•••• 0142'],
  ];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode;
    const still = forms.reduce((text, [form, instead]) => text.replace(form, instead), node.nodeValue);
    if (still !== node.nodeValue) node.nodeValue = still;
  }
})()`;

async function takePicture(page: Page, size: keyof typeof pictureSizes): Promise<PNG> {
  await page.setViewportSize(pictureSizes[size]);
  await page.evaluate('document.fonts.ready');
  await page.mouse.move(0, 0);
  // What was laid out anew has been drawn.
  await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
  await page.evaluate(holdStill);
  return PNG.sync.read(await page.screenshot({ fullPage: true, style: sameEverywhere, animations: 'disabled', caret: 'hide' }));
}

/** The page looks as in the kept pictures, on a telephone and on a desktop. */
export async function expectPictures(page: Page, name: string): Promise<void> {
  const wrong: string[] = [];
  for (const size of ['desktop', 'phone'] as const) {
    const taken = await takePicture(page, size);
    const fault = compare(taken, `${name}-${pictureSizes[size].width}.png`);
    if (fault) wrong.push(fault);
  }
  expect(wrong.join('\n'), `how the page looks: ${name}`).toBe('');
}

const howToRenew = 'If it should look like this: LATCHKEY_RENEW_PICTURES=1 npx vitest run --project e2e e2e/website-pictures.e2e.test.ts, look at the new pictures, and commit them';

function compare(taken: PNG, file: string): string | undefined {
  const path = join(kept, file);
  if (renew) {
    mkdirSync(kept, { recursive: true });
    // As it was, where only noise differs: a picture that is written anew is one that changed.
    if (!existsSync(path) || differenceOf(taken, PNG.sync.read(readFileSync(path))).fault) writeFileSync(path, pack(taken));
    return undefined;
  }
  if (!existsSync(path)) return `${file} is not there. ${howToRenew}`;
  const { fault, drawn } = differenceOf(taken, PNG.sync.read(readFileSync(path)));
  if (!fault) return undefined;
  mkdirSync(differences, { recursive: true });
  writeFileSync(join(differences, file), pack(taken));
  if (drawn) writeFileSync(join(differences, file.replace('.png', '-difference.png')), pack(drawn));
  return `${file}: ${fault}. What is seen now${drawn ? ', and where it differs,' : ''} is in test-results/website-pictures. ${howToRenew}`;
}

/** What is wrong with the picture, and where. */
export function differenceOf(taken: PNG, before: PNG): { fault?: string; drawn?: PNG } {
  const { width, height } = taken;
  if (width !== before.width || height !== before.height) return { fault: `is ${width}×${height} and was ${before.width}×${before.height}` };
  const drawn = new PNG({ width, height });
  const { threshold, windowSize, pixels } = tolerance;
  const worst = pixelmatch(before.data, taken.data, drawn.data, width, height, { threshold, windowSize });
  return worst > pixels ? { fault: `${worst} pixels differ within a square of ${windowSize}`, drawn } : {};
}

const pack = (picture: PNG) => PNG.sync.write(picture, { colorType: 2, deflateLevel: 9, filterType: -1 });
