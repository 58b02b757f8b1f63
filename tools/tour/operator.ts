import { type Place, Tour } from './tour.ts';

/** Whoever runs the platform, while people sign in. */
export async function tourOfOperator(place: Place): Promise<void> {
  const tour = new Tour(
    place,
    'operator',
    'A tour for operators',
    'What runs, what waits, what failed, live; and the levers. Everything here is also an API and a command: [the console](../operations/console.md), [the command line](../command-line.md).',
  );
  const page = await tour.open();
  await tour.signIn(page, 'operator');
  await page.locator('[data-queue="delivery.sms"]').waitFor();
  // Charts of something: people sign in while the operator watches.
  const guest = await tour.open();
  const until = Date.now() + 20_000;
  while (Date.now() < until) {
    await tour.codeFor('+14155550123', () => tour.signIn(guest, 'owner'));
    await guest.goto('/sign-in');
    await guest.waitForTimeout(700);
  }
  await tour.picture(page, 'queues', 'Queues', 'Each queue with what waits, how long, and what comes and goes; refreshed every 3 seconds.', 1100);

  await page.getByRole('link', { name: 'Providers' }).click();
  await page.locator('[data-provider="sns"]').getByText('working').waitFor();
  await tour.picture(page, 'providers', 'Providers', 'Who sends texts and emails, how each worker fares with them, and what was sent.', 1000);
  await page.getByRole('button', { name: 'Pause text messages' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Pause', exact: true }).waitFor();
  await tour.picture(page, 'pause', 'Pause a channel', 'Every lever says first what it will do to people.');
  await dialog.getByRole('button', { name: 'Pause', exact: true }).click();
  await page.getByText('Paused: they wait in the queue').waitFor();
  await page.getByRole('button', { name: 'Resume text messages' }).click();
  await dialog.getByRole('button', { name: 'Resume', exact: true }).click();
  await page.getByRole('status').filter({ hasText: 'Text messages go out again.' }).waitFor();

  await page.getByRole('link', { name: 'Deliveries' }).click();
  await page.locator('[data-delivery]').nth(5).waitFor();
  await tour.picture(page, 'deliveries', 'Deliveries', 'The ledger of all that was sent: to whom in stars, by which provider, how long it took, what it cost.', 1000);
  await page.getByRole('listitem').filter({ hasText: 'Code to sign in' }).first().getByRole('link', { name: 'Story' }).click();
  await page.getByText('The story of this attempt').waitFor();
  await page.getByText('What was sent to it').waitFor();
  await tour.picture(page, 'story', 'The story of an attempt', 'One login, from the password to the session, with its messages; by the id that logs and traces carry.', 900);
  await page.getByRole('link', { name: 'Dead letters' }).click();
  await page.getByRole('heading', { name: 'Dead letters' }).waitFor();
  await tour.picture(page, 'dead-letters', 'Dead letters', 'What no try could handle. Look at it, give it back, or throw it away.');
  await page.getByRole('link', { name: 'Audit book' }).click();
  await page.getByRole('main').getByRole('listitem').nth(1).waitFor();
  await tour.picture(page, 'audit', 'The audit book', 'What operators did, written before it is done.');
  tour.write();
}
