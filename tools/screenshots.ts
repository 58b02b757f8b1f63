import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { rootDirectory } from './paths.ts';

// Pictures for the README, made from the running system (`npm start`), so that they stay true.
const baseUrl = process.env.LATCHKEY_PUBLIC_URL ?? 'http://localhost:8080';
const inboxUrl = process.env.LATCHKEY_INBOX_URL ?? 'http://localhost:8025';
const folder = join(rootDirectory, 'docs/screenshots');
mkdirSync(folder, { recursive: true });

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
const page = await (await browser.newContext({ viewport: { width: 900, height: 700 }, locale: 'en-US' })).newPage();
const picture = (name: string) => page.screenshot({ path: join(folder, `${name}.png`) });

await page.goto(`${baseUrl}/sign-in`);
await page.getByLabel('Login name').fill('owner');
await page.getByLabel('Password', { exact: true }).fill('correct-horse-battery-staple');
await picture('sign-in');
await page.getByRole('button', { name: 'Sign in' }).click();
await page.locator('[role=status][data-state=accepted]').waitFor();
await picture('enter-code');

const inbox = await (await browser.newContext({ viewport: { width: 1200, height: 760 }, locale: 'en-US' })).newPage();
await inbox.goto(inboxUrl);
await inbox.waitForTimeout(800);
await inbox.screenshot({ path: join(folder, 'inbox.png') });

const messages = (await (await fetch(`${inboxUrl}/messages?limit=1`)).json()) as { text: string }[];
await page.getByLabel('Code', { exact: true }).fill(/#(\d{6})/.exec(messages[0]?.text ?? '')?.[1] ?? '');
await page.getByRole('button', { name: 'Trust device' }).waitFor();
await picture('trust-device');
await page.getByRole('button', { name: 'Trust device' }).click();
await page.getByRole('button', { name: 'Continue' }).waitFor();
await picture('recognized-devices');
await page.getByRole('button', { name: 'Continue' }).click();
await page.goto(`${baseUrl}/security`);
await page.getByRole('heading', { level: 1 }).waitFor();
await page.waitForTimeout(500);
await picture('security');
await browser.close();
