import type { FailureFacts } from '../facts.ts';
import type { Texts } from '../texts.ts';

const again = ({ retryAfter }: FailureFacts) => (retryAfter ? ` Versuchen Sie es in ${retryAfter} noch einmal.` : ' Versuchen Sie es gleich noch einmal.');

/** What the first load needs. The texts of the later pages are in pages.ts. */
export const texts: Texts = {
  appName: 'Latchkey',
  failures: {
    network_lost: 'Keine Verbindung. Was Sie eingegeben haben, ist noch da.',
    invalid_request: 'Im Formular stimmt etwas nicht. Prüfen Sie es und versuchen Sie es noch einmal.',
    invalid_credentials: 'Benutzername oder Passwort ist nicht richtig.',
    not_signed_in: 'Sie sind nicht mehr angemeldet. Melden Sie sich wieder an.',
    cross_site_request: 'Ihr Browser meldet, dass diese Anfrage von einer anderen Website kam. Laden Sie diese Seite neu.',
    attempt_over: 'Diese Anmeldung ist beendet: Sie hat zu lange gedauert, oder es gab zu viele falsche Codes. Beginnen Sie noch einmal.',
    too_many_requests: (facts) => `Zu viele Versuche.${again(facts)}`,
    locked: (facts) => `Zu viele falsche Codes.${again(facts)}`,
    internal_error: 'Bei uns ist etwas schiefgegangen. Versuchen Sie es gleich noch einmal.',
    unavailable: (facts) => `Latchkey ist gerade nicht erreichbar.${again(facts)}`,
  },

  common: {
    tryAgain: 'Noch einmal versuchen',
    tryAgainIn: (time) => `Noch einmal versuchen in ${time}`,
    language: 'Sprache',
    loading: 'Wird geladen…',
    loadFailed: 'Das konnte nicht geladen werden',
    pageFailed: 'Diese Seite konnte nicht geladen werden',
    reload: 'Neu laden',
    password: 'Passwort',
    showPassword: 'Eingabe anzeigen',
    hidePassword: 'Eingabe verbergen',
  },

  signIn: {
    title: 'Anmelden',
    lead: 'Willkommen zurück.',
    loginName: 'Benutzername',
    submit: 'Anmelden',
    forgotPassword: 'Passwort vergessen?',
    missing: 'Geben Sie Ihren Benutzernamen und Ihr Passwort ein.',
    ended: 'Ihre Sitzung ist beendet. Melden Sie sich wieder an, um fortzufahren.',
    signedOut: 'Sie sind abgemeldet.',
    changed: 'Die Zwei-Faktor-Anmeldung wurde geändert, deshalb wurden alle Sitzungen beendet. Melden Sie sich wieder an.',
  },
};
