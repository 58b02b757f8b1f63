import type { Assurance, MethodKind } from '@latchkey/contracts';
import type { ActivityFacts } from '../facts.ts';
import type { AccountTexts } from '../page-texts.ts';

const theMessage = ({ channel }: ActivityFacts) => (channel === 'email' ? 'l’e-mail' : 'le SMS');
const TheMessage = ({ channel }: ActivityFacts) => (channel === 'email' ? 'L’e-mail' : 'Le SMS');
const named = (text: string, { method }: ActivityFacts) => (method ? `${text} : ${method}` : text);
const device = ({ device: name }: ActivityFacts) => (name ? `« ${name} »` : 'Un appareil');
const methods: Record<MethodKind, string> = { sms: 'SMS', email: 'e-mail', totp: 'application d’authentification', recovery_code: 'code de récupération' };
const how: Record<Assurance, string> = {
  pwd: 'avec le mot de passe seul',
  'pwd+trusted_device': 'avec le mot de passe, sur un appareil de confiance',
  'pwd+email': 'avec le mot de passe et un code par e-mail',
  'pwd+sms': 'avec le mot de passe et un code par SMS',
  'pwd+totp': 'avec le mot de passe et une application d’authentification',
  'pwd+recovery_code': 'avec le mot de passe et un code de récupération',
};

/** The texts of the pages about sessions, activity, the logins of an account, and what belongs to security besides methods. */
export const account: AccountTexts = {
  recoveryCodes: {
    title: 'Codes de récupération',
    left: (count) => (count > 1 ? `Il reste ${count} codes` : `Il reste ${count} code`),
    text: 'Chacun permet de vous connecter une fois quand aucune autre méthode ne fonctionne. Gardez-les là où vous les trouverez sans votre téléphone.',
    few: 'Il vous en reste peu. Créez-en de nouveaux avant d’en avoir besoin.',
    none: 'Il ne vous en reste plus. Créez-en de nouveaux, pour qu’un téléphone perdu ne vous laisse pas dehors.',
    make: 'Créer de nouveaux codes',
    makeTitle: 'Créer de nouveaux codes de récupération ?',
    makeText: 'Les codes que vous avez maintenant ne fonctionneront plus.',
    madeTitle: 'Vos nouveaux codes de récupération',
    shownOnce: 'Ils ne sont affichés que maintenant. Gardez-les avant de continuer.',
    copy: 'Copier',
    download: 'Télécharger',
    print: 'Imprimer',
    fileName: 'latchkey-codes-de-recuperation.txt',
    fileHead: (loginName) => `Codes de récupération de ${loginName}. Chacun fonctionne une fois.`,
    kept: 'Je les ai gardés',
  },

  resetHere: {
    title: 'Repartir de zéro',
    text: 'Un nouveau téléphone, ou plus rien n’est juste ici ? Une réinitialisation oublie vos méthodes, codes de récupération et appareils de confiance, et vous ramène à la configuration.',
    action: 'Réinitialiser la double authentification',
    dialogTitle: 'Réinitialiser la double authentification ?',
    dialogText: 'Vos méthodes, codes de récupération et appareils de confiance sont oubliés, et les autres sessions sont fermées. Jusqu’à la nouvelle configuration, votre mot de passe seul protège cet accès.',
  },

  password: {
    section: 'Mot de passe',
    sectionText: 'Changez-le si quelqu’un d’autre peut le connaître, ou si vous l’utilisez ailleurs.',
    title: 'Changer de mot de passe',
    lead: 'Toutes les autres sessions sont fermées, et les autres appareils ne sont plus de confiance.',
    submit: 'Changer le mot de passe',
    doneTitle: 'Votre mot de passe a été changé',
    done: 'Toutes les autres sessions ont été fermées. Partout ailleurs, connectez-vous avec le nouveau.',
    back: 'Retour à la sécurité',
  },

  sessions: {
    title: 'Sessions',
    lead: 'Où vous êtes connecté en ce moment.',
    this: 'Cette session',
    since: (when) => `Ouverte : ${when}`,
    from: (ip) => `depuis ${ip}`,
    until: (date) => `Se ferme d’elle-même le ${date}`,
    end: 'Fermer',
    ended: (device) => `La session sur ${device} a été fermée.`,
    endOthers: 'Fermer toutes les autres sessions',
    endedOthers: 'Toutes les autres sessions ont été fermées.',
    only: 'Vous n’êtes connecté nulle part ailleurs.',
    how,
  },

  logins: {
    title: 'Utilisateurs de votre compte',
    lead: 'Chaque personne de votre foyer ou de votre entreprise reçoit son propre accès, avec son mot de passe et sa double authentification.',
    list: 'Utilisateurs',
    you: 'Vous',
    owner: 'Titulaire',
    invited: 'Invité',
    twoFactorOn: 'double authentification activée',
    twoFactorOff: 'double authentification désactivée',
    noPasswordYet: 'n’a pas encore choisi de mot de passe',
    sendAgain: 'Renvoyer l’invitation',
    sentAgain: (name) => `Une nouvelle invitation pour ${name} est en route. Le lien précédent ne fonctionne plus.`,
    remove: 'Retirer',
    removeTitle: (name) => `Retirer ${name} ?`,
    removeText: 'Cette personne sera déconnectée partout et ne pourra plus se connecter. C’est irréversible.',
    removed: (name) => `${name} a été retiré.`,
    add: 'Ajouter un utilisateur',
    addText: 'Nous envoyons par e-mail une invitation à choisir un mot de passe. Seule la personne invitée le connaîtra.',
    nameHint: 'Ce avec quoi cette personne se connecte : un prénom ou une adresse e-mail, par exemple.',
    emailAddress: 'Adresse e-mail',
    nameMissing: 'Saisissez un identifiant.',
    nameUnfit: 'Cet identifiant ne peut pas être utilisé. Choisissez-en un autre.',
    emailInvalid: 'Cela ne ressemble pas à une adresse e-mail.',
    invite: 'Envoyer l’invitation',
    added: (name) => `${name} a été ajouté. L’invitation est en route.`,
  },

  activity: {
    title: 'Activité',
    lead: 'Ce qui s’est passé avec votre accès, le plus récent d’abord.',
    today: 'Aujourd’hui',
    yesterday: 'Hier',
    older: 'Charger la suite',
    all: 'C’est tout.',
    none: 'Il ne s’est encore rien passé.',
    by: {
      account_owner: (name) => `par ${name}, titulaire de votre compte`,
      provider_staff: (name) => `par ${name}, votre prestataire`,
      operator: (name) => `par ${name}, qui gère ce service`,
    },
    bySomebody: { account_owner: 'le titulaire de votre compte', provider_staff: 'le personnel', operator: 'le personnel' },
    reasonGiven: (reason) => `Raison indiquée : ${reason}`,
    details: 'Étape par étape',
    methods,
    codeSent: (facts) => named('Un code a été envoyé', facts),
    kinds: {
      login_refused: ({ reason }) =>
        ({
          wrong_password: 'Un mot de passe faux a été saisi',
          new_password_required: 'Arrêté : il faut d’abord choisir un nouveau mot de passe',
          too_many_requests: 'Arrêté : trop de tentatives',
        })[reason ?? ''] ?? 'Une connexion a été refusée',
      code_required: (facts) => named('Le mot de passe était juste, un code a été demandé', facts),
      code_queued: (facts) => `${TheMessage(facts)} avec le code a été préparé${facts.method ? ` : ${facts.method}` : ''}`,
      code_accepted: (facts) => (facts.channel === 'email' ? 'Le service de messagerie a pris en charge l’e-mail' : 'L’opérateur a pris en charge le SMS'),
      code_delivered: (facts) => `${TheMessage(facts)} a été remis`,
      code_failed: (facts) => `${TheMessage(facts)} n’a pas pu être remis`,
      code_unknown: (facts) => `On ne sait pas si ${theMessage(facts)} est parti`,
      code_expired: (facts) => `Le code a expiré avant que ${theMessage(facts)} ait pu être envoyé`,
      code_refused: ({ reason, attemptsLeft }) =>
        ({
          wrong_code: `Un code faux a été saisi${attemptsLeft === undefined ? '' : ` ; il reste ${attemptsLeft} ${attemptsLeft > 1 ? 'essais' : 'essai'}`}`,
          code_expired: 'Un code expiré a été saisi',
          attempt_over: 'Un code a été saisi après la fin de la connexion',
          locked: 'Trop de codes faux : bloqué pour un moment',
        })[reason ?? ''] ?? 'Un code a été refusé',
      signed_in: ({ assurance, newDevice }) => `Connexion${assurance ? ` ${how[assurance]}` : ''}${newDevice ? ', sur un nouvel appareil' : ''}`,
      stepped_up: ({ assurance }) => `Confirmation dans une session${assurance ? ` ${how[assurance]}` : ''}`,
      sessions_ended: ({ reason }) =>
        ({ this: 'Déconnexion', one: 'Une session a été fermée', others: 'Toutes les autres sessions ont été fermées' })[reason ?? ''] ?? 'Des sessions ont été fermées',
      device_trusted: (facts) => `${device(facts)} est de confiance`,
      device_forgotten: (facts) => `${device(facts)} a été oublié`,
      device_secret_reused: (facts) => `Une ancienne clé a été utilisée ; l’appareil n’est plus de confiance${facts.device ? ` : ${device(facts)}` : ''}`,
      method_added: (facts) => named('Une méthode a été ajoutée', facts),
      method_removed: (facts) => named('Une méthode a été retirée', facts),
      two_factor_on: (facts) => named('La double authentification a été activée', facts),
      two_factor_off: () => 'La double authentification a été désactivée',
      two_factor_reset: () => 'La double authentification a été réinitialisée',
      recovery_codes_made: () => 'De nouveaux codes de récupération ont été créés',
      password_changed: ({ reason }) =>
        ({ changed: 'Le mot de passe a été changé', reset: 'Un nouveau mot de passe a été choisi grâce à un lien reçu par e-mail', chosen: 'Le premier mot de passe a été choisi' })[reason ?? ''] ?? 'Le mot de passe a été changé',
      password_reset_asked: () => 'Un lien pour un nouveau mot de passe a été demandé',
      not_me: () => '« Ce n’était pas moi » : tout le monde a été déconnecté, un nouveau mot de passe est nécessaire',
      login_added: () => 'Cet accès a été créé',
      login_invited: () => 'Une invitation a été envoyée par e-mail',
      login_removed: () => 'Cet accès a été supprimé',
    },
  },
};
