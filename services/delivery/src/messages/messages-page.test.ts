import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { messagesPage } from './testing/messages-page.ts';

const folder = new URL('../../../../docs/templates/', import.meta.url);

it('the page of every message is current, and its pictures are there', () => {
  const page = readFileSync(new URL('README.md', folder), 'utf8');
  expect(page, 'run `node tools/message-screenshots.ts`').toBe(messagesPage());
  const shown = [...page.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, file]) => file);
  expect(readdirSync(folder).filter((name) => name.endsWith('.webp')).sort()).toEqual(shown.sort());
});
