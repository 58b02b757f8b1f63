import { expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { codeField, fillSignIn, openPage, untilAt, useBrowser } from './browser.ts';
import { codeSentTo, ownerPhone, wrongCodeFor } from './demo.ts';

useBrowser();

async function untilCodeIsAsked(page: Page): Promise<string> {
  const { code } = await codeSentTo(ownerPhone, () => fillSignIn(page, 'owner'));
  await codeField(page).waitFor();
  return code;
}

it('the field takes the code from the phone, and a pasted one with words around it', async () => {
  const page = await openPage('phone');
  const code = await untilCodeIsAsked(page);
  const field = codeField(page);
  const attributes = ['type', 'inputmode', 'autocomplete'];
  expect(await Promise.all(attributes.map((name) => field.getAttribute(name)))).toEqual(['text', 'numeric', 'one-time-code']);
  await field.fill(`Your code: ${code.slice(0, 3)} ${code.slice(3)}`);
  await page.getByRole('button', { name: 'Skip' }).waitFor();
});

it('a wrong code is told with the tries left, and reloading the page keeps the attempt', async () => {
  const page = await openPage();
  const code = await untilCodeIsAsked(page);
  await codeField(page).fill(wrongCodeFor(code));
  await page.getByText('4 tries left').waitFor();
  await page.reload();
  await codeField(page).fill(wrongCodeFor(code));
  await page.getByText('3 tries left').waitFor();
  await codeField(page).fill(code);
  await page.getByRole('button', { name: 'Skip' }).click();
  await untilAt(page, '/sign-in/devices');
});

it('back from the code leads to the sign-in, forward to the same attempt, and after it back never to the code', async () => {
  const page = await openPage();
  const code = await untilCodeIsAsked(page);
  await page.goBack();
  await page.getByLabel('Login name').waitFor();
  await page.goForward();
  await codeField(page).fill(code);
  await page.getByRole('button', { name: 'Skip' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await untilAt(page, '/');
  await page.goBack();
  await page.getByRole('heading', { name: 'Hello, owner' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/');
});

it('the fifth wrong code leads back to the sign-in, which says why', async () => {
  const page = await openPage();
  const code = await untilCodeIsAsked(page);
  for (const left of ['4 tries', '3 tries', '2 tries', '1 try', '0 tries']) {
    await codeField(page).fill(wrongCodeFor(code));
    await page.getByText(`${left} left`).waitFor();
    await codeField(page).fill('');
  }
  await codeField(page).fill(code);
  await untilAt(page, '/sign-in');
  await page.getByText('This sign-in has ended').waitFor();
  expect(await page.getByLabel('Login name').inputValue()).toBe('owner');
  await page.reload();
  await page.goto('/sign-in/code');
  await untilAt(page, '/sign-in');
});
