import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { rootDirectory } from './paths.ts';
import { startSystem } from './system/start-system.ts';
import { tourOfAccountOwner } from './tour/account-owner.ts';
import { tourOfCustomer } from './tour/customer.ts';
import { tourOfOperator } from './tour/operator.ts';
import { signUpCustomers, tourOfProvider } from './tour/provider.ts';
import { emptyScreenshots, takePicture } from './tour/tour.ts';

// docs/tour and docs/screenshots: each role's way through a system of their own, which is thrown away again, so that they stay true.
const system = await startSystem({ instance: 'screenshots', ports: 'free', throwAway: true, env: { LATCHKEY_LIMITS: 'development' } });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
try {
  const place = { browser, baseUrl: system.baseUrl, inboxUrl: system.inboxUrl };
  emptyScreenshots();
  const invitation = await signUpCustomers(place);
  await tourOfCustomer(place, invitation);
  const inbox = await (await browser.newContext({ viewport: { width: 1000, height: 640 }, locale: 'en-US' })).newPage();
  await inbox.goto(system.inboxUrl);
  await inbox.waitForTimeout(800);
  await takePicture(inbox, join(rootDirectory, 'docs/screenshots/inbox.webp'));
  await tourOfAccountOwner(place);
  await tourOfProvider(place);
  await tourOfOperator(place);
} finally {
  await browser.close();
  await system.stop();
}
