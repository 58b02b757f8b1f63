import { type Browser, chromium, type Page } from 'playwright-core';

export const schemes = ['light', 'dark'] as const;
export type Scheme = (typeof schemes)[number];
/** The smallest phone that mail is read on, and the pane of a mail program. */
export const widths = { phone: 320, desktop: 680 } as const;

/** Debian's Chromium in the place of a mail program: most of them show HTML with an engine of a browser. */
export const launchReader = (): Promise<Browser> =>
  chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'] });

/** A page that shows emails and asks nobody for anything; what a message would have loaded is told in `asked`. */
export async function openReader(browser: Browser, width: number, scheme: Scheme, answers: Readonly<Record<string, string>> = {}): Promise<{ page: Page; asked: string[] }> {
  const context = await browser.newContext({ viewport: { width, height: 500 }, colorScheme: scheme });
  const asked: string[] = [];
  await context.route('**/*', (route) => {
    const url = route.request().url();
    asked.push(url);
    const body = answers[url];
    return body ? route.fulfill({ contentType: 'image/svg+xml', body }) : route.abort();
  });
  return { page: await context.newPage(), asked };
}
