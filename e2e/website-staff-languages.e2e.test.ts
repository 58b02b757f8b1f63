import { beforeAll, expect, it, vi } from 'vitest';
import type { ApiClient } from './api-client.ts';
import { expectAccessible, openPage, useBrowser } from './browser.ts';
import { newClient, signIn } from './demo.ts';

useBrowser();
vi.setConfig({ testTimeout: 120_000 });

let clients: Record<'operator' | 'dealer', ApiClient>;
beforeAll(async () => {
  clients = { operator: newClient(), dealer: newClient() };
  for (const role of ['operator', 'dealer'] as const) await signIn(clients[role], role);
});

const locales = ['es-MX', 'fr-CA', 'de-AT'];
/** Whose tables and figures are the widest pages of the site; words of another language are longer than the English ones. */
const pages = {
  operator: ['queues', 'providers', 'deliveries', 'dead-letters', 'stories', 'audit'].map((name) => `/operator/${name}`),
  dealer: ['customers', 'accounts', 'accounts/new', 'policy', 'brand'].map((name) => `/provider/${name}`),
};

it.each(locales.flatMap((locale) => (['operator', 'dealer'] as const).map((role) => [role, locale] as const)))(
  'the pages of the %s fit on a phone and in every width in %s, and each has a heading of its own',
  async (role, locale) => {
    const page = await openPage('phone', clients[role], locale);
    const headings = new Set<string>();
    for (const path of pages[role]) {
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.waitForLoadState('networkidle');
      expect(await page.evaluate('document.documentElement.lang')).toBe(locale.slice(0, 2));
      headings.add(await page.getByRole('heading', { level: 1 }).innerText());
      await expectAccessible(page, `${path} in ${locale}`);
    }
    expect(headings.size).toBe(pages[role].length);
  },
);
