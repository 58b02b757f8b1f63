import { eventually, latestCode } from '@latchkey/testing';
import type { Page } from 'playwright-core';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { type ApiClient, demoPassword } from './api-client.ts';
import { expectAccessible, fillSignIn, openPage, tabTo, untilAt, useBrowser } from './browser.ts';
import { layAside, letDie } from './dead-letters.ts';
import { newClient, ownerPhone, signIn, signInOwner, system } from './demo.ts';

useBrowser();
// Figures of the broker lag by seconds, and each state is looked at in both schemes.
vi.setConfig({ testTimeout: 120_000 });

const sizes = ['desktop', 'phone'] as const;
let operator: ApiClient;
beforeAll(async () => {
  operator = newClient();
  await signIn(operator, 'operator');
});
// A test that failed in the middle must not stop the next ones.
afterEach(async () => {
  await operator.call('PUT', '/v1/ops/channels', { channel: 'sms', paused: false });
  await operator.post('/v1/ops/dead-letters/discard', { queue: 'delivery.sms' });
  const { workers } = (await operator.get('/v1/ops/queues')).body;
  for (const { worker } of workers) await operator.call('PUT', '/v1/ops/workers', { worker, draining: false });
});

async function open(size: (typeof sizes)[number], path: string): Promise<Page> {
  const page = await openPage(size, operator);
  await page.goto(path);
  return page;
}

/** The same state in both colour schemes. */
async function expectAccessibleInBoth(page: Page, what: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page, `${what}, ${colorScheme}`);
  }
}

const queue = (page: Page, name: string) => page.locator(`[data-queue="${name}"]`);
const dialog = (page: Page) => page.getByRole('dialog');
const result = (page: Page) => page.getByRole('status').filter({ hasText: /left\.|were not there/ });
const confirm = (page: Page, action: string) => dialog(page).getByRole('button', { name: action, exact: true }).click();
const askForCode = () => newClient().post('/v1/login', { loginName: 'owner', password: demoPassword });
const audit = async () => (await operator.get('/v1/ops/audit')).body.entries as { action: string; target: object }[];

/** Everything that the browser saw moving by itself, with what it was and where it went; a figure that grows by a digit is not meant. */
const watchShifts = `
  window.shifts = [];
  const place = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(' ');
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries()) {
      if (!hadRecentInput && value >= 0.001) window.shifts.push(value.toFixed(4) + ': ' + sources.map(({ node, previousRect, currentRect }) => (node?.outerHTML ?? node?.textContent ?? '').slice(0, 120) + ' from ' + place(previousRect) + ' to ' + place(currentRect)).join('; '));
    }
  }).observe({ type: 'layout-shift', buffered: true });
`;

it('an operator lands on the queues and sees their figures and charts move under logins, with nothing else on the page moving', async () => {
  const page = await openPage('desktop');
  await page.addInitScript(watchShifts);
  await fillSignIn(page, 'operator');
  await untilAt(page, '/operator/queues');
  await queue(page, 'delivery.sms').waitFor();
  const shiftsBefore = (await page.evaluate('window.shifts.length')) as number;
  const rates = queue(page, 'auth.activity').getByRole('img', { name: /^Messages per second, auth.activity/ });
  const [toldAtFirst, drawnAtFirst] = [await rates.getAttribute('aria-label'), await rates.locator('path').first().getAttribute('d')];
  await eventually(
    async () => {
      await signInOwner(newClient());
      const [told, drawn] = [await rates.getAttribute('aria-label'), await rates.locator('path').first().getAttribute('d')];
      return /In now (?!0\/s)[\d.]+\/s/.test(told ?? '') && told !== toldAtFirst && drawn !== drawnAtFirst && drawn?.includes('L');
    },
    { timeoutMs: 40_000, everyMs: 500, what: 'rates of more than nothing, drawn as a line' },
  );
  // At least two more readings.
  await page.waitForTimeout(6_500);
  expect(await page.evaluate(`window.shifts.slice(${shiftsBefore})`)).toEqual([]);
  await page.getByText('Requests between services').click();
  await page.getByText('Waits between tries').click();
  await queue(page, 'latchkey.retry.1000ms').waitFor();
  await expectAccessibleInBoth(page, 'queues');
});

it.each(sizes)('on a %s a channel is paused and resumed by the page: texts wait meanwhile, and go out then', async (size) => {
  const page = await open(size, '/operator/providers');
  await page.getByRole('button', { name: 'Pause text messages' }).click();
  await dialog(page).getByText('codes that wait too long expire').waitFor();
  if (size === 'phone') await expectAccessibleInBoth(page, 'asked whether to pause');
  await confirm(page, 'Pause');
  await page.getByRole('status').filter({ hasText: 'Text messages are held back now.' }).waitFor();
  await page.getByText('Paused: they wait in the queue').waitFor();
  // The button that was pressed is the one that takes it back, and has the focus.
  await page.getByRole('button', { name: 'Resume text messages' }).and(page.locator(':focus')).waitFor();
  if (size === 'phone') await expectAccessibleInBoth(page, 'a paused channel');

  await page.getByRole('link', { name: 'Queues' }).click();
  await queue(page, 'delivery.sms').getByText('nobody takes from it').waitFor({ timeout: 30_000 });
  const after = new Date();
  await askForCode();
  await queue(page, 'delivery.sms').getByRole('img', { name: /Waiting now [1-9]/ }).waitFor({ timeout: 30_000 });
  await page.getByRole('link', { name: 'Providers' }).click();
  await page.getByRole('button', { name: 'Resume text messages' }).click();
  await confirm(page, 'Resume');
  await page.getByRole('status').filter({ hasText: 'Text messages go out again.' }).waitFor();
  expect(await latestCode(system().inboxUrl, ownerPhone, { after })).toMatch(/^\d{6}$/);
});

it('a provider is turned off and on with nothing but the keyboard, and the page warns that there is no other', async () => {
  const page = await open('desktop', '/operator/providers');
  const sns = page.locator('[data-provider="sns"]');
  await sns.getByText('working').waitFor();
  await tabTo(page, page.getByRole('button', { name: 'Turn sns off' }));
  await page.keyboard.press('Enter');
  await dialog(page).getByText('No other provider is on for text messages').waitFor();
  await page.getByRole('button', { name: 'Cancel' }).and(page.locator(':focus')).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Turn sns off' }).and(page.locator(':focus')).waitFor();
  await page.keyboard.press('Enter');
  await tabTo(page, dialog(page).getByRole('button', { name: 'Turn off' }));
  await page.keyboard.press('Enter');
  try {
    await sns.getByText('Off', { exact: true }).waitFor();
    expect((await operator.get('/v1/ops/providers')).body.providers).toContainEqual(expect.objectContaining({ provider: 'sns', on: false }));
    await expectAccessibleInBoth(page, 'a provider that is off');
    await page.getByRole('button', { name: 'Turn sns on' }).click();
    await confirm(page, 'Turn on');
    await sns.getByText('On', { exact: true }).waitFor();
  } finally {
    await operator.call('PUT', '/v1/ops/providers', { provider: 'sns', on: true });
  }
});

it.each(sizes)('on a %s dead letters are looked at, given back and thrown away, and the page says in words what became of them', async (size) => {
  const unreadable = ['unreadable-1', 'unreadable-2', 'unreadable-3'];
  for (const id of unreadable) await letDie(operator, 'delivery.sms', id);
  await layAside(operator);
  const page = await open(size, '/operator/queues');
  await queue(page, 'delivery.sms').getByRole('link', { name: '4 dead letters of delivery.sms' }).click();
  await page.getByText('4 dead letters', { exact: true }).waitFor();
  const text = page.getByRole('listitem').filter({ hasText: 'code.issued.sms' }).last();
  await text.getByText('Contents and history').click();
  await text.getByText('"maskedDestination": "•••• 0123"').waitFor();
  expect(await page.getByRole('main').textContent()).not.toContain(ownerPhone.slice(1));
  await expectAccessibleInBoth(page, 'dead letters');

  await text.getByRole('checkbox').check();
  await page.getByText('1 chosen').waitFor();
  await page.getByRole('button', { name: 'Redrive', exact: true }).click();
  await dialog(page).getByText('1 message goes back to delivery.sms and is tried from the start.').waitFor();
  const after = new Date();
  await confirm(page, 'Redrive');
  await result(page).and(page.locator(':focus')).filter({ hasText: '1 message went back to delivery.sms. 3 dead letters are left.' }).waitFor();
  expect(await latestCode(system().inboxUrl, ownerPhone, { after })).toMatch(/^\d{6}$/);
  await expectAccessibleInBoth(page, 'one was given back');

  await page.getByRole('checkbox', { name: /unreadable-2/ }).check();
  await page.getByRole('button', { name: 'Discard', exact: true }).click();
  await dialog(page).getByText('this cannot be undone').waitFor();
  await confirm(page, 'Discard');
  await result(page).filter({ hasText: '1 message was discarded. 2 dead letters are left.' }).waitFor();

  // Whatever cannot be read dies again, and is seen again.
  await page.getByRole('button', { name: 'Redrive all' }).click();
  await dialog(page).getByText('All 2 messages that died in delivery.sms').waitFor();
  await confirm(page, 'Redrive');
  await result(page).filter({ hasText: '2 messages went back to delivery.sms. None is left.' }).waitFor();
  await eventually(async () => (await operator.get('/v1/ops/dead-letters?queue=delivery.sms')).body.total === 2, { timeoutMs: 15_000, what: 'dead again' });
  await page.getByText('2 dead letters', { exact: true }).waitFor({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Discard all' }).click();
  await confirm(page, 'Discard');
  await result(page).filter({ hasText: '2 messages were discarded. None is left.' }).waitFor();
  await page.getByText('No dead letters in delivery.sms.').waitFor();
  expect((await operator.get('/v1/ops/dead-letters?queue=delivery.sms')).body.total).toBe(0);
  await expectAccessibleInBoth(page, 'no dead letters');

  await page.getByRole('link', { name: 'Audit book' }).click();
  await page.getByText('Threw dead letters of delivery.sms away: all').first().waitFor();
  await page.getByText('Gave dead letters back to delivery.sms: 1 that was chosen').first().waitFor();
  expect((await audit()).slice(0, 4)).toMatchObject([
    { action: 'discard', target: { ids: 'all' } },
    { action: 'redrive', target: { ids: 'all' } },
    { action: 'discard', target: { ids: ['unreadable-2'] } },
    { action: 'redrive', target: { ids: [expect.any(String)] } },
  ]);
  await expectAccessibleInBoth(page, 'the audit book');
});

it('one that is gone by the time it is given back is told of', async () => {
  await letDie(operator, 'delivery.email', 'gone-meanwhile');
  const page = await open('desktop', '/operator/dead-letters?queue=delivery.email');
  await page.getByRole('checkbox', { name: /gone-meanwhile/ }).check();
  await operator.post('/v1/ops/dead-letters/discard', { queue: 'delivery.email' });
  await page.getByRole('button', { name: 'Redrive', exact: true }).click();
  await confirm(page, 'Redrive');
  await page.getByText('1 was not there any more.').waitFor();
});

it('a worker is drained and taken back by the page: what it would have sent waits for it', async () => {
  const { workers } = (await operator.get('/v1/ops/queues')).body;
  const { worker } = workers.find(({ channels }: { channels: string[] }) => channels.includes('sms'));
  const page = await open('phone', '/operator/queues');
  const line = page.locator(`[data-worker="${worker}"]`);
  await line.getByRole('button', { name: `Drain ${worker}` }).click();
  await dialog(page).getByText('There is no other worker for text messages').waitFor();
  await confirm(page, 'Drain');
  await line.getByText('drained: takes nothing more').waitFor();
  await page.getByRole('button', { name: `Take ${worker} back` }).and(page.locator(':focus')).waitFor();
  await queue(page, 'delivery.sms').getByText('nobody takes from it').waitFor({ timeout: 30_000 });
  const after = new Date();
  await askForCode();
  await queue(page, 'delivery.sms').getByRole('img', { name: /Waiting now [1-9]/ }).waitFor({ timeout: 30_000 });
  await expectAccessibleInBoth(page, 'a drained worker');
  await line.getByRole('button', { name: `Take ${worker} back` }).click();
  await confirm(page, 'Take back');
  await line.getByText('takes messages', { exact: true }).waitFor();
  expect(await latestCode(system().inboxUrl, ownerPhone, { after })).toMatch(/^\d{6}$/);
});

it('the ledger is searched, and leads to the story of an attempt and to the timeline of its login', async () => {
  const { session } = await signInOwner(newClient());
  const page = await open('phone', '/operator/deliveries');
  await page.getByLabel('Channel').selectOption('Email');
  await page.waitForURL(/channel=email/);
  await eventually(async () => (await page.getByRole('main').getByRole('listitem').allTextContents()).every((line) => line.includes('Email')), { timeoutMs: 15_000, what: 'emails alone' });
  await page.getByLabel('State').selectOption('Failed');
  await page.getByText('Nothing in the ledger is like this.').waitFor();
  await expectAccessibleInBoth(page, 'nothing found in the ledger');

  await page.getByLabel('State').selectOption('Any');
  await page.getByLabel('Channel').selectOption('Text messages');
  await page.getByLabel('Login id').fill('nobody');
  await page.getByText('This is not the id of a login.').waitFor();
  await page.getByLabel('Login id').fill(session.login.id);
  await page.waitForURL(new RegExp(session.login.id));
  const code = page.getByRole('listitem').filter({ hasText: 'Code to sign in to •••• 0123' }).first();
  await code.getByText(/Text messages · via sns · US · 1 segment · taken after/).waitFor();
  await page.getByText(/p95 .* of \d+/).waitFor();
  await expectAccessibleInBoth(page, 'the ledger');
  await code.getByRole('link', { name: 'Story' }).click();
  await page.getByText('The story of this attempt').waitFor();
  await page.getByText('Signed in by password and a code by text').first().waitFor();
  await expectAccessibleInBoth(page, 'a story');
  await page.getByRole('link', { name: 'All of this login' }).click();
  await page.getByText('The timeline of this login').waitFor();
  await page.getByLabel('Id of an attempt or of a login').fill('not an id');
  await page.keyboard.press('Enter');
  await page.getByText('This is not an id').waitFor();
  await page.getByLabel('Id of an attempt or of a login').fill('00000000-0000-7000-8000-000000000000');
  await page.keyboard.press('Enter');
  await page.getByText('No story has this id').waitFor();
  await expectAccessibleInBoth(page, 'no story');
});

it('older deliveries are added below, the list stands still with them, and goes on when asked', async () => {
  // A text and two notices each.
  for (let count = (await operator.get('/v1/ops/deliveries')).body.deliveries.length; count <= 53; count += 3) await signInOwner(newClient());
  const page = await open('desktop', '/operator/deliveries');
  await page.getByRole('button', { name: 'Load older' }).click();
  await page.getByText('Not refreshed while older ones are shown.').waitFor();
  await page.locator('[data-delivery]').nth(50).waitFor();
  await eventually(async () => (await page.evaluate('document.activeElement.tagName')) !== 'BODY', { what: 'the focus on the first older one' });
  expect(await page.evaluate('document.activeElement.tagName')).toMatch(/^(A|LI)$/);
  await page.getByRole('button', { name: 'Refresh' }).click();
  await page.getByText('Refreshed every 3 s').waitFor();
});

it('figures that are old say so while the server is away; nothing is asked while nobody looks', async () => {
  const page = await open('phone', '/operator/queues');
  await queue(page, 'delivery.sms').waitFor();
  await page.getByText('Refreshed every 3 s').waitFor();
  // An answer that never comes.
  await page.route('**/v1/ops/queues', () => undefined);
  await page.getByRole('status').filter({ hasText: 'The server does not answer' }).waitFor({ timeout: 20_000 });
  await page.getByText(/^as of 1\d s ago$/).waitFor();
  await queue(page, 'delivery.sms').waitFor();
  await expectAccessibleInBoth(page, 'old figures');
  await page.unroute('**/v1/ops/queues');
  // By itself.
  await page.getByText('Refreshed every 3 s').waitFor({ timeout: 30_000 });

  const asked: string[] = [];
  page.on('request', (request) => request.url().includes('/v1/ops/') && asked.push(request.url()));
  const see = (hidden: boolean) => page.evaluate(`Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${hidden} }); document.dispatchEvent(new Event('visibilitychange'))`);
  await see(true);
  await page.waitForTimeout(1_000);
  asked.length = 0;
  await page.waitForTimeout(7_000);
  expect(asked).toEqual([]);
  await see(false);
  await page.waitForTimeout(500);
  expect(asked.length).toBe(1);
});

it('to nobody else the pages are there', async () => {
  const dealer = newClient();
  await signIn(dealer, 'dealer');
  const page = await openPage('desktop', dealer);
  await page.goto('/operator/queues');
  await page.getByRole('heading', { name: 'Page not found' }).waitFor();
  expect(await page.getByRole('link', { name: 'Operations' }).count()).toBe(0);
});
