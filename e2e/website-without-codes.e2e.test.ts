import { readInbox } from '@latchkey/testing';
import { expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { codeField, expectAccessible, fillSignIn, openPage, untilAt, useBrowser } from './browser.ts';
import { codeSentTo, system, wrongCodeFor } from './demo.ts';
import { newPerson, newPhoneNumber, type Person, turnOnTwoFactor } from './people.ts';

useBrowser();

const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true }).first().waitFor();

async function untilCodeIsAsked(page: Page, person: Person, to: string): Promise<void> {
  await codeSentTo(to, () => fillSignIn(page, person.loginName));
  await codeField(page).waitFor();
}

it.each(['desktop', 'phone'] as const)('on a %s a recovery code lets in whoever has no phone at hand, and once only', async (size) => {
  const phoneNumber = newPhoneNumber();
  const person = await newPerson('without-phone');
  const [recoveryCode = ''] = await turnOnTwoFactor(person, { kind: 'sms', phoneNumber });
  const page = await openPage(size);
  await untilCodeIsAsked(page, person, phoneNumber);
  const useRecoveryCode = async () => {
    await page.getByRole('button', { name: 'Use another method' }).click();
    await page.getByRole('button', { name: 'Use a recovery code' }).click();
    await page.getByLabel('Recovery code').and(page.locator(':focus')).waitFor();
  };
  await useRecoveryCode();
  await expectAccessible(page, 'a recovery code is asked');
  // As read from paper: in capitals, with spaces.
  await page.getByLabel('Recovery code').fill(recoveryCode.toUpperCase().replaceAll('-', ' '));
  await page.getByRole('button', { name: 'Verify' }).click();
  await page.getByRole('button', { name: 'Skip' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('With your password and a recovery code').waitFor();

  await page.getByRole('button', { name: 'Sign out' }).click();
  await untilAt(page, '/sign-in');
  await untilCodeIsAsked(page, person, phoneNumber);
  await useRecoveryCode();
  await page.getByLabel('Recovery code').fill(recoveryCode);
  await page.getByRole('button', { name: 'Verify' }).click();
  await page.getByText('That code is not right. 4 tries left.').waitFor();
});

it.each(['desktop', 'phone'] as const)('on a %s a code to the mailbox turns two-factor off and lets in, after the page has said what that does', async (size) => {
  const phoneNumber = newPhoneNumber();
  const person = await newPerson('lost-phone');
  await turnOnTwoFactor(person, { kind: 'sms', phoneNumber });
  const page = await openPage(size);
  await untilCodeIsAsked(page, person, phoneNumber);
  await page.getByRole('link', { name: 'I can’t get codes' }).click();
  await heading(page, 'Can’t get codes?');
  await expectAccessible(page, 'what a reset does');
  expect((await readInbox(system().inboxUrl, person.emailAddress)).filter(({ subject }) => subject?.includes('turns off'))).toEqual([]);

  const { code } = await codeSentTo(person.emailAddress, () => page.getByRole('button', { name: 'Email me a code' }).click());
  await page.locator('[role=status][data-state=accepted], [role=status][data-state=delivered]').waitFor();
  await codeField(page).fill(wrongCodeFor(code));
  await page.getByRole('button', { name: 'Turn off two-factor and sign in' }).click();
  await page.getByText('4 tries left').waitFor();
  await expectAccessible(page, 'a wrong code of a reset');
  await page.reload();
  await codeField(page).fill(code);
  await page.getByRole('button', { name: 'Turn off two-factor and sign in' }).click();
  await page.getByRole('heading', { name: 'You are in, and two-factor is off' }).and(page.locator(':focus')).waitFor();
  await expectAccessible(page, 'after a reset');
  await page.getByRole('button', { name: 'Later' }).click();
  await heading(page, 'Make your login safer');
  await page.goto('/security');
  await page.getByText('Only your password protects this login.').waitFor();
});

it('a reset leads to a recovery code first, where there are some', async () => {
  const phoneNumber = newPhoneNumber();
  const person = await newPerson('has-paper');
  await turnOnTwoFactor(person, { kind: 'sms', phoneNumber });
  const page = await openPage();
  await untilCodeIsAsked(page, person, phoneNumber);
  await page.getByRole('link', { name: 'I can’t get codes' }).click();
  await page.getByRole('link', { name: 'Use a recovery code' }).click();
  await page.getByLabel('Recovery code').waitFor();
});

it.each(['desktop', 'phone'] as const)('on a %s whose only method is email is told whom to ask, and no code is sent', async (size) => {
  const person = await newPerson('only-email');
  await turnOnTwoFactor(person, { kind: 'email', emailAddress: person.emailAddress });
  const page = await openPage(size);
  await untilCodeIsAsked(page, person, person.emailAddress);
  const sentBefore = (await readInbox(system().inboxUrl, person.emailAddress)).length;
  await page.getByRole('link', { name: 'I can’t get codes' }).click();
  await page.getByRole('heading', { name: 'Ask your service provider' }).and(page.locator(':focus')).waitFor();
  await page.getByText('Dana Dealer').waitFor();
  expect(await page.getByRole('link', { name: '+14155550100' }).getAttribute('href')).toBe('tel:+14155550100');
  expect(await page.getByRole('link', { name: 'help@demo-security.example' }).getAttribute('href')).toBe('mailto:help@demo-security.example');
  await expectAccessible(page, 'ask your service provider');
  expect(await readInbox(system().inboxUrl, person.emailAddress)).toHaveLength(sentBefore);
  await page.getByRole('link', { name: 'Back to the code' }).click();
  await codeField(page).waitFor();
});

it('too many wrong codes end the reset, and the sign-in says why', async () => {
  const phoneNumber = newPhoneNumber();
  const person = await newPerson('guesser');
  await turnOnTwoFactor(person, { kind: 'sms', phoneNumber });
  const page = await openPage();
  await untilCodeIsAsked(page, person, phoneNumber);
  await page.getByRole('link', { name: 'I can’t get codes' }).click();
  const { code } = await codeSentTo(person.emailAddress, () => page.getByRole('button', { name: 'Email me a code' }).click());
  const confirm = page.getByRole('button', { name: 'Turn off two-factor and sign in' });
  for (const left of ['4 tries', '3 tries', '2 tries', '1 try', '0 tries']) {
    await codeField(page).fill(wrongCodeFor(code));
    await confirm.click();
    await page.getByText(`${left} left`).waitFor();
  }
  await codeField(page).fill(code);
  await confirm.click();
  await untilAt(page, '/sign-in');
  await page.getByText('This sign-in has ended').waitFor();
});
