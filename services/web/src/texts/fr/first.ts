import type { FailureFacts } from '../facts.ts';
import type { Texts } from '../texts.ts';

const again = ({ retryAfter }: FailureFacts) => (retryAfter ? ` Réessayez dans ${retryAfter}.` : ' Réessayez dans un instant.');

/** What the first load needs. The texts of the later pages are in pages.ts. */
export const texts: Texts = {
  appName: 'Latchkey',
  failures: {
    network_lost: 'Pas de connexion. Ce que vous avez saisi est toujours là.',
    invalid_request: 'Le formulaire contient une erreur. Vérifiez-le et réessayez.',
    invalid_credentials: 'L’identifiant ou le mot de passe est incorrect.',
    not_signed_in: 'Vous n’êtes plus connecté. Reconnectez-vous.',
    cross_site_request: 'Selon votre navigateur, cette demande vient d’un autre site. Rechargez cette page.',
    attempt_over: 'Cette connexion a pris fin : elle a duré trop longtemps ou trop de codes étaient faux. Recommencez.',
    too_many_requests: (facts) => `Trop de tentatives.${again(facts)}`,
    locked: (facts) => `Trop de codes faux.${again(facts)}`,
    internal_error: 'Une erreur s’est produite de notre côté. Réessayez dans un instant.',
    unavailable: (facts) => `Latchkey n’est pas disponible pour le moment.${again(facts)}`,
  },

  common: {
    tryAgain: 'Réessayer',
    tryAgainIn: (time) => `Réessayer dans ${time}`,
    language: 'Langue',
    loading: 'Chargement…',
    loadFailed: 'Le chargement a échoué',
    pageFailed: 'Cette page n’a pas pu être chargée',
    reload: 'Recharger',
    password: 'Mot de passe',
    showPassword: 'Afficher la saisie',
    hidePassword: 'Masquer la saisie',
  },

  signIn: {
    title: 'Connexion',
    lead: 'Bon retour parmi nous.',
    loginName: 'Identifiant',
    submit: 'Se connecter',
    forgotPassword: 'Mot de passe oublié ?',
    missing: 'Saisissez votre identifiant et votre mot de passe.',
    ended: 'Votre session a pris fin. Reconnectez-vous pour continuer.',
    signedOut: 'Vous êtes déconnecté.',
    changed: 'La double authentification a changé : toutes les sessions ont été fermées. Reconnectez-vous.',
  },
};
