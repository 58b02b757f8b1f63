import { get } from 'node:http';
import { latestCode, readInbox } from '@latchkey/testing';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { demoPassword } from './api-client.ts';
import { expectAccessible, openPage, untilAt, useBrowser } from './browser.ts';
import { newClient, ownerPhone, signIn, signInOwner, system } from './demo.ts';

useBrowser();

/** What stands on the pages of each language, and in the text that brings the code. */
const languages = {
  en: { locale: 'en-GB', name: 'English', menu: 'Language', loginName: 'Login name', password: 'Password', signIn: 'Sign in', code: 'Code', text: /is your/, trust: 'Trust device', goOn: 'Continue', hello: 'Hello, owner', signOut: 'Sign out', signedOut: 'You are signed out.' },
  es: { locale: 'es-MX', name: 'Español', menu: 'Idioma', loginName: 'Nombre de usuario', password: 'Contraseña', signIn: 'Iniciar sesión', code: 'Código', text: /es su clave/, trust: 'Confiar en él', goOn: 'Continuar', hello: 'Hola, owner', signOut: 'Cerrar sesión', signedOut: 'Ha cerrado la sesión.' },
  fr: { locale: 'fr-CA', name: 'Français', menu: 'Langue', loginName: 'Identifiant', password: 'Mot de passe', signIn: 'Se connecter', code: 'Code', text: /est votre code/, trust: 'Faire confiance', goOn: 'Continuer', hello: 'Bonjour, owner', signOut: 'Se déconnecter', signedOut: 'Vous êtes déconnecté.' },
  de: { locale: 'de-AT', name: 'Deutsch', menu: 'Sprache', loginName: 'Benutzername', password: 'Passwort', signIn: 'Anmelden', code: 'Code', text: /ist Ihr Code/, trust: 'Gerät vertrauen', goOn: 'Weiter', hello: 'Hallo, owner', signOut: 'Abmelden', signedOut: 'Sie sind abgemeldet.' },
};
type Language = keyof typeof languages;
const codes = Object.keys(languages) as Language[];

const htmlLang = (page: Page) => page.evaluate('document.documentElement.lang');

async function enterPassword(page: Page, { loginName, password, signIn: button }: (typeof languages)[Language]): Promise<void> {
  await page.getByLabel(loginName).fill('owner');
  await page.getByLabel(password, { exact: true }).fill(demoPassword);
  await page.getByRole('button', { name: button }).click();
}

/** Signs in on the page that is open; gives the text message that brought the code. */
async function enterByTextedCode(page: Page, words: (typeof languages)[Language]): Promise<string> {
  const after = new Date();
  await enterPassword(page, words);
  const code = await latestCode(system().inboxUrl, ownerPhone, { after });
  await expectAccessible(page, `the code page in ${words.name}`);
  await page.getByLabel(words.code, { exact: true }).fill(code);
  await page.getByRole('button', { name: words.trust }).waitFor();
  return (await readInbox(system().inboxUrl, ownerPhone)).map(({ text }) => text).find((text) => text.includes(code)) ?? '';
}

describe.each(codes)('in a browser that wants %s', (language) => {
  const words = languages[language];

  it('somebody signs in by a code, trusts the device and signs out in that language, on pages that fit at every width', async () => {
    const page = await openPage('phone', undefined, words.locale);
    await page.goto('/sign-in');
    await page.getByLabel(words.loginName).waitFor();
    expect(await htmlLang(page)).toBe(language);
    await expectAccessible(page, `sign-in in ${words.name}`);
    expect(await enterByTextedCode(page, words)).toMatch(words.text);
    await expectAccessible(page, `trust in ${words.name}`);
    await page.getByRole('button', { name: words.trust }).click();
    await page.getByRole('checkbox').first().waitFor();
    await expectAccessible(page, `recognized devices in ${words.name}`);
    await page.getByRole('button', { name: words.goOn }).click();
    await page.getByRole('heading', { name: words.hello }).waitFor();
    await expectAccessible(page, `home in ${words.name}`);
    await page.getByRole('button', { name: words.signOut }).click();
    await page.getByText(words.signedOut).waitFor();
  });

  it('the scripts that the sign-in page waits for are at most 100 kB compressed, with the texts of no other language', async () => {
    const page = await openPage('desktop', undefined, words.locale);
    await page.goto('/sign-in');
    await page.getByLabel(words.loginName).waitFor();
    const scripts = [...new Set(await scriptsOf(page))];
    expect(scripts.filter((path) => path.includes('/first-'))).toHaveLength(1);
    const bytes = await Promise.all(scripts.map(gzipped));
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(100_000);
  });
});

describe.each(codes.filter((language) => language !== 'en'))('in %s', (language) => {
  const { locale, name } = languages[language];

  it('the pages behind the sign-in and those of lost passwords and links fit at every width and are accessible', async () => {
    const client = newClient();
    await signInOwner(client);
    const page = await openPage('desktop', client, locale);
    for (const path of ['/security', '/security/password', '/devices', '/sessions', '/activity', '/logins', '/forgot-password', '/invitation', '/not-me', '/no/such/page']) {
      await page.goto(path);
      await page.locator('h1').waitFor();
      await page.waitForLoadState('networkidle');
      await expectAccessible(page, `${path} in ${name}`);
    }
  });

  it('the set-up fits at every width and is accessible', async () => {
    const client = newClient();
    await signIn(client, 'member');
    const page = await openPage('desktop', client, locale);
    for (const path of ['/security', '/security/set-up', '/security/set-up/text-message', '/security/set-up/email', '/security/set-up/authenticator-app']) {
      await page.goto(path);
      await page.locator('h1').waitFor();
      await page.waitForLoadState('networkidle');
      await expectAccessible(page, `${path} in ${name}`);
    }
  });

  it('the console of the service provider fits at every width and is accessible', async () => {
    const client = newClient();
    await signIn(client, 'dealer');
    const page = await openPage('desktop', client, locale);
    for (const path of ['/provider/customers', '/provider/accounts', '/provider/accounts/new', '/provider/policy', '/provider/brand']) {
      await page.goto(path);
      await page.locator('h1').waitFor();
      await page.waitForLoadState('networkidle');
      await expectAccessible(page, `${path} in ${name}`);
    }
    await page.goto('/provider/customers');
    await page.locator('a[href^="/provider/customers/"]').first().click();
    await page.locator('dl').waitFor();
    await page.waitForLoadState('networkidle');
    await expectAccessible(page, `a customer in ${name}`);
  });
});

it('a language that was chosen wins over the browser’s, here and in messages, until another is chosen', async () => {
  const page = await openPage('desktop', undefined, languages.de.locale);
  await page.goto('/sign-in');
  await page.getByLabel(languages.de.menu).selectOption(languages.fr.name);
  await page.getByLabel(languages.fr.menu).waitFor();
  expect(await htmlLang(page)).toBe('fr');
  expect(await enterByTextedCode(page, languages.fr)).toMatch(languages.fr.text);
  await page.goto('/');
  await page.getByLabel(languages.fr.menu).selectOption(languages.es.name);
  await page.getByRole('heading', { name: languages.es.hello }).waitFor();
  await page.getByRole('button', { name: languages.es.signOut }).click();
  await untilAt(page, '/sign-in');
  await page.reload();
  await page.getByRole('button', { name: languages.es.signIn }).waitFor();
  expect(await htmlLang(page)).toBe('es');
});

it('of a browser whose languages we have not, English it is', async () => {
  const page = await openPage('desktop', undefined, 'nl-NL');
  await page.goto('/sign-in');
  await page.getByLabel('Login name').waitFor();
  expect(await htmlLang(page)).toBe('en');
});

it('nothing is shown before its words are there', async () => {
  const page = await openPage('desktop', undefined, languages.de.locale);
  let send = () => {};
  const held = new Promise<void>((resolve) => (send = resolve));
  await page.route(/\/first-[^/]*\.js$/, async (route) => (await held, route.continue()));
  await page.goto('/sign-in', { waitUntil: 'commit' });
  await page.waitForResponse(/\/base-[^/]*\.js$/).then((response) => response.finished());
  await page.waitForTimeout(300);
  expect(await page.evaluate(`document.getElementById('root').textContent`)).toBe('');
  send();
  await page.getByLabel(languages.de.loginName).waitFor();
});

const scriptsOf = (page: Page) =>
  page.evaluate(`performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname).filter((path) => path.endsWith('.js'))`) as Promise<string[]>;

const gzipped = (path: string) =>
  new Promise<number>((resolve, reject) => {
    get(`${system().baseUrl}${path}`, { headers: { 'accept-encoding': 'gzip' } }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => (bytes += chunk.length)).on('end', () => resolve(bytes));
    }).on('error', reject);
  });
