import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { languages } from './presentation.ts';
import { everyMessage } from './testing/every-message.ts';
import { launchReader, openReader, schemes, widths } from './testing/reader.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchReader();
});
afterAll(() => browser.close());

const url = `https://${'long-host-name.'.repeat(7)}example/not-me#${'K7w_x9Qb3Lr-'.repeat(4).slice(0, 43)}`;
const brandings = {
  'a name alone': { name: 'Demo Security', host: 'localhost' },
  'the longest name, in one word, and a pale colour': { name: 'Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbau60x', host: 'localhost', color: '#ffe14d' },
  'a colour nearly black': { name: 'Demo', host: 'localhost', color: '#050505' },
};

describe.each(schemes)('in a %s reader', (scheme) => {
  it.each([
    ['as it is', (html: string) => html],
    ['without its style sheet, as some readers show it', (html: string) => html.replace(/<style>[\s\S]*<\/style>/, '')],
  ])('every email %s fits the smallest phone with the longest names and asks the net for nothing', async (_, shownAs) => {
    const branding = brandings['the longest name, in one word, and a pale colour'];
    for (const locale of languages) {
      const { page, asked } = await openReader(browser, widths.phone, scheme);
      for (const { kind, email } of everyMessage({ locale, branding }, url)) {
        await page.setContent(shownAs(email.html));
        expect(await page.evaluate('document.documentElement.scrollWidth'), `${locale} ${kind}`).toBeLessThanOrEqual(widths.phone);
      }
      expect(asked).toEqual([]);
      await page.context().close();
    }
  });

  it.each(Object.entries(brandings))('contrast, language and structure are right by WCAG 2.2 AA, with %s', async (_, branding) => {
    const { page } = await openReader(browser, widths.phone, scheme);
    // The code and everything a notice can have.
    for (const { kind, email } of everyMessage({ locale: 'de', branding }).filter(({ kind }) => ['login', 'method_added'].includes(kind))) {
      await page.setContent(email.html);
      const { violations, passes } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
      expect(violations.map(({ id, nodes }) => `${kind} ${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
      expect(passes.map(({ id }) => id)).toContain('color-contrast');
    }
    await page.context().close();
  });

  it('the page is of that scheme, in colours of its own', async () => {
    const { page } = await openReader(browser, widths.desktop, scheme);
    await page.setContent(everyMessage({ locale: 'en', branding: brandings['a name alone'] })[0]?.email.html ?? '');
    const background = String(await page.evaluate('getComputedStyle(document.querySelector(".card")).backgroundColor'));
    expect(background).toBe(scheme === 'dark' ? 'rgb(26, 32, 29)' : 'rgb(255, 255, 255)');
    await page.context().close();
  });
});

it('one click takes the whole code and nothing else, in letters twice as large as the rest', async () => {
  const { page } = await openReader(browser, widths.phone, 'light');
  await page.setContent(everyMessage({ locale: 'en', branding: brandings['a name alone'] })[0]?.email.html ?? '');
  const code = page.getByText('012345', { exact: true });
  await code.click();
  expect(await page.evaluate('getSelection().toString()')).toBe('012345');
  const size = (of: string) => page.evaluate(`parseFloat(getComputedStyle(${of}).fontSize)`) as Promise<number>;
  expect(await size('getSelection().anchorNode.parentElement')).toBeGreaterThan(2 * (await size('document.querySelector("h1 + p")')));
});
