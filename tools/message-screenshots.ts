/* eslint-disable @nx/enforce-module-boundaries -- the pictures are of the service's own messages, made by its own sources */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { languages } from '../services/delivery/src/messages/presentation.ts';
import { everyMessage } from '../services/delivery/src/messages/testing/every-message.ts';
import { messagesPage } from '../services/delivery/src/messages/testing/messages-page.ts';
import { launchReader, openReader, type Scheme, schemes, widths } from '../services/delivery/src/messages/testing/reader.ts';
import { rootDirectory } from './paths.ts';

// docs/templates: every message as a phone and a wide reader show it, light and dark, and the page that lists them.
const folder = join(rootDirectory, 'docs/templates');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const demo = { name: 'Demo Security', host: 'login.demo.example' };
const logoUrl = 'https://demo.example/logo.svg';
const logo = `<svg xmlns="http://www.w3.org/2000/svg" width="150" height="32"><rect width="32" height="32" rx="8" fill="#b3261e"/><path d="M9 17l5 5 9-11" stroke="#fff" stroke-width="3" fill="none"/><text x="42" y="23" font-family="sans-serif" font-size="20" font-weight="700" fill="#b3261e">Lumen</text></svg>`;

interface Shot {
  width: number;
  scheme: Scheme;
  html: string;
}

/** Each as one reader shows it, side by side in one picture. */
async function takePicture(browser: Browser, name: string, shots: Shot[]): Promise<void> {
  const images: string[] = [];
  for (const { width, scheme, html } of shots) {
    const { page } = await openReader(browser, width, scheme, { [logoUrl]: logo });
    await page.setContent(html);
    const image = await page.screenshot({ fullPage: true });
    images.push(`<img width="${width}" src="data:image/png;base64,${image.toString('base64')}">`);
    await page.context().close();
  }
  const sheet = await (await browser.newContext({ viewport: { width: shots.reduce((sum, { width }) => sum + width + 16, 16), height: 100 } })).newPage();
  await sheet.setContent(`<body style="margin:16px;background:#b9b6ae;display:flex;gap:16px;align-items:flex-start">${images.join('')}</body>`);
  const height = Number(await sheet.evaluate('document.documentElement.scrollHeight'));
  await sheet.setViewportSize({ width: sheet.viewportSize()?.width ?? 0, height });
  // A quarter of what PNG takes.
  const { data } = await (await sheet.context().newCDPSession(sheet)).send('Page.captureScreenshot', { format: 'webp', quality: 85 });
  writeFileSync(join(folder, `${name}.webp`), Buffer.from(data, 'base64'));
  await sheet.context().close();
}

const browser = await launchReader();
const everywhere = (html: string): Shot[] => Object.values(widths).flatMap((width) => schemes.map((scheme) => ({ width, scheme, html })));
for (const { kind, email } of everyMessage({ locale: 'en', branding: demo })) await takePicture(browser, kind, everywhere(email.html));
const emailOf = (kind: string, locale: string, branding = demo) => everyMessage({ locale, branding }).find((message) => message.kind === kind)?.email.html ?? '';
await takePicture(browser, 'languages', languages.map((locale) => ({ width: widths.phone, scheme: 'light', html: emailOf('new_device', locale) })));
const branded = { name: 'Lumen', host: 'login.lumen.example', color: '#b3261e', logoUrl };
await takePicture(browser, 'branded', ['login', 'new_device'].flatMap((kind) => schemes.map((scheme) => ({ width: widths.phone, scheme, html: emailOf(kind, 'en', branded) }))));
await browser.close();
writeFileSync(join(folder, 'README.md'), messagesPage());
