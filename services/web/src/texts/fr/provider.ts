import type { Activity, ActivityKind, ActorKind, Assurance, MethodKind, Role, TwoFactorPolicy } from '@latchkey/contracts';
import type { ProviderTexts } from '../provider-texts.ts';

const sentTo = ({ channel, method }: Activity) => [channel === 'email' ? 'E-mail' : 'SMS', method?.hint && `à ${method.hint}`].filter(Boolean).join(' ');
const theMessage = ({ channel }: Activity) => (channel === 'email' ? 'l’e-mail' : 'le SMS');
const TheMessage = ({ channel }: Activity) => (channel === 'email' ? 'L’e-mail' : 'Le SMS');
const tries = (left: number | undefined) =>
  left === undefined ? '' : left === 0 ? ', plus d’essai : cette connexion a pris fin' : left === 1 ? ', il reste 1 essai' : `, il reste ${left} essais`;
const by: Record<MethodKind, string> = { sms: 'par SMS', email: 'par e-mail', totp: 'de l’application d’authentification', recovery_code: 'des codes de récupération' };

const refusals: Record<string, string> = {
  wrong_password: 'Mot de passe faux',
  too_many_requests: 'Trop de tentatives : refusé sans regarder le mot de passe',
  new_password_required: 'Mot de passe juste, mais il faut d’abord en choisir un nouveau avec le lien de l’e-mail',
};
const codeRefusals: Record<string, string> = {
  wrong_code: 'Code faux',
  code_expired: 'Le code avait expiré',
  attempt_over: 'Trop de codes faux, ou trop tard : cette connexion a pris fin',
  locked: 'Trop de codes faux : cette méthode est bloquée pour un moment',
};
const passwordChanges: Record<string, string> = { changed: 'Mot de passe changé', reset: 'Mot de passe réinitialisé avec le lien de l’e-mail', chosen: 'Mot de passe choisi, invitation acceptée' };
const ended: Record<string, string> = { this: 'Déconnexion', one: 'Déconnexion d’un appareil', others: 'Déconnexion de tous les autres appareils' };

const assurance: Record<Assurance, string> = {
  pwd: 'par mot de passe seul',
  'pwd+trusted_device': 'par mot de passe sur un appareil de confiance',
  'pwd+email': 'par mot de passe et code par e-mail',
  'pwd+sms': 'par mot de passe et code par SMS',
  'pwd+totp': 'par mot de passe et application d’authentification',
  'pwd+recovery_code': 'par mot de passe et code de récupération',
};

/** What each line of a timeline says. */
const happened: Record<ActivityKind, (activity: Activity) => string> = {
  login_refused: ({ reason = '' }) => refusals[reason] ?? 'Connexion refusée',
  code_required: ({ method }) => (method ? `Code demandé, ${by[method.kind]}` : 'Code demandé'),
  code_queued: (activity) => `${sentTo(activity)} en route`,
  code_accepted: ({ channel }) => (channel === 'email' ? 'Le service de messagerie a pris en charge l’e-mail' : 'L’opérateur a pris en charge le SMS'),
  code_delivered: (activity) => `${TheMessage(activity)} a été remis`,
  code_failed: (activity) => `${TheMessage(activity)} n’a pas pu être remis`,
  code_unknown: (activity) => `On ne sait pas si ${theMessage(activity)} est parti`,
  code_expired: (activity) => `Le code a expiré avant que ${theMessage(activity)} ne parte`,
  code_refused: ({ reason = '', attemptsLeft }) => `${codeRefusals[reason] ?? 'Code refusé'}${tries(attemptsLeft)}`,
  signed_in: (activity) => ['Connexion', activity.assurance && assurance[activity.assurance], activity.newDevice && '(nouvel appareil)'].filter(Boolean).join(' '),
  stepped_up: ({ assurance: by }) => ['Confirmation par un code dans une session', by && assurance[by]].filter(Boolean).join(', '),
  sessions_ended: ({ reason = '' }) => ended[reason] ?? 'Déconnexion',
  device_trusted: () => 'Appareil de confiance ajouté',
  device_forgotten: () => 'Appareil oublié : n’est plus de confiance',
  device_secret_reused: () => 'Une copie du secret de cet appareil a été utilisée : confiance retirée',
  method_added: ({ method }) => `Méthode ajoutée${named(method)}`,
  method_removed: ({ method }) => `Méthode retirée${named(method)}`,
  two_factor_on: ({ method }) => `Double authentification activée${named(method)}`,
  two_factor_off: () => 'Double authentification désactivée',
  two_factor_reset: () => 'Double authentification réinitialisée',
  recovery_codes_made: () => 'Nouveaux codes de récupération créés',
  password_changed: ({ reason = '' }) => passwordChanges[reason] ?? 'Mot de passe changé',
  password_reset_asked: () => 'Lien de réinitialisation du mot de passe demandé',
  not_me: () => '« Ce n’était pas moi » : tous les appareils déconnectés, nouveau mot de passe nécessaire',
  login_added: () => 'Accès créé, invitation envoyée par e-mail',
  login_invited: () => 'Invitation envoyée par e-mail',
  login_removed: () => 'Accès supprimé',
};
const methodWords: Record<MethodKind, string> = { sms: 'SMS', email: 'e-mail', totp: 'application d’authentification', recovery_code: 'codes de récupération' };
const named = (method: Activity['method']) => (method ? ` : ${methodWords[method.kind]}${method.kind === 'sms' || method.kind === 'email' ? ` ${method.hint}` : ''}` : '');

const roles: Record<Role, string> = { customer: 'Membre', account_owner: 'Titulaire', provider_staff: 'Personnel', operator: 'Exploitant' };
const actors: Record<Exclude<ActorKind, 'self'>, string> = {
  account_owner: 'le titulaire du compte',
  provider_staff: 'votre entreprise',
  operator: 'l’exploitant',
  system: 'Latchkey',
};
const policies: Record<TwoFactorPolicy, { name: string; meaning: string }> = {
  optional: { name: 'Facultative', meaning: 'Les clients l’activent s’ils le veulent. On ne la demande à personne.' },
  suggested: { name: 'Suggérée', meaning: 'Les clients qui ne l’ont pas voient « Votre prestataire suggère la double authentification ». Ils peuvent continuer sans elle.' },
  required: { name: 'Obligatoire', meaning: 'Dès que vous enregistrez, les clients qui ne l’ont pas ne peuvent rien faire d’autre que la configurer. Personne ne peut la désactiver seul.' },
};

/** The texts of the service provider's console. */
export const providerTexts: ProviderTexts = {
  roles,

  customers: {
    title: 'Clients',
    search: 'Chercher un client',
    hint: 'N’importe quelle partie de l’identifiant ou du nom du compte.',
    keys: 'Entrée ouvre le résultat s’il est seul, les flèches parcourent les résultats.',
    found: (count, more) => (more ? `Les ${count} premiers utilisateurs` : count > 1 ? `${count} utilisateurs` : `${count} utilisateur`),
    none: (query) => `Aucun de vos clients n’a « ${query} » dans l’identifiant ou le nom du compte.`,
    noneHint: 'Vérifiez l’orthographe, ou essayez une partie plus courte.',
    empty: 'Vous n’avez pas encore de clients.',
    addFirst: 'Ajouter un compte',
    more: 'Afficher la suite',
    invited: 'Invitation pas encore acceptée',
    twoFactorOn: 'Double auth. activée',
    twoFactorOff: 'Double auth. désactivée',
    lastLogin: (when) => `dernière connexion : ${when}`,
    neverLoggedIn: 'jamais connecté',
  },

  customer: {
    back: 'Clients',
    loading: 'Client',
    account: 'Compte',
    role: 'Rôle',
    email: 'E-mail',
    noEmail: 'Aucun',
    lastLogin: 'Dernière connexion',
    never: 'Jamais',
    since: 'Client depuis',
    invited: 'N’a pas encore accepté l’invitation : il n’y a pas de mot de passe pour se connecter.',
    sendAgain: 'Renvoyer l’invitation',
    sentAgain: 'Une nouvelle invitation est en route. Le lien précédent ne fonctionne plus.',
    twoFactor: 'Double authentification',
    on: 'Activée',
    off: 'Désactivée',
    onText: 'Un code est demandé à la connexion, sauf sur un appareil de confiance.',
    offText: 'Le mot de passe seul suffit à ce client pour se connecter.',
    offRequired: 'Vous exigez la double authentification : elle devra être configurée à la prochaine connexion.',
    asDefault: 'Par défaut',
    turnOff: 'Désactiver la double authentification',
    gone: 'Ce client n’existe pas',
    goneText: 'L’accès a été supprimé, ou n’est pas celui de l’un de vos clients.',
  },

  turnOff: {
    title: (name) => `Désactiver la double authentification de ${name} ?`,
    sure: 'Assurez-vous d’abord que vous parlez à ce client : ensuite, le mot de passe seul suffira.',
    consequences: [
      'Toutes les méthodes et tous les appareils de confiance sont oubliés.',
      'Toutes les sessions sont fermées : le client est déconnecté partout.',
      'Le client est prévenu aussitôt, avec le nom de votre entreprise et votre raison.',
    ],
    thenSetUp: 'Vous exigez la double authentification : le client la configurera de nouveau à sa prochaine connexion.',
    reason: 'Raison',
    reasonHint: 'Le client la lira, et elle reste dans l’historique.',
    reasonMissing: 'Indiquez une raison : le client la lira.',
    already: 'Elle était déjà désactivée.',
    resultTitle: 'La double authentification est désactivée',
    result: (name) => `${name} peut se connecter avec le mot de passe seul et a été informé de la raison. Toutes les sessions ont été fermées.`,
    next: 'Dites au client de se reconnecter et de configurer une nouvelle méthode sous « Sécurité ».',
  },

  timeline: {
    title: 'Ce qui s’est passé',
    empty: 'Il ne s’est encore rien passé avec cet accès.',
    refresh: 'Actualiser',
    refreshed: 'L’historique est à jour.',
    older: 'Charger la suite',
    noOlder: 'L’historique commence ici.',
    loadedOlder: (count) => (count > 1 ? `${count} entrées plus anciennes` : `${count} entrée plus ancienne`),
    happened,
    outcomes: { signed_in: 'Connecté', stepped_up: 'Confirmé par un code', refused: 'Non connecté', asked: 'Code demandé', sent: 'Code envoyé' },
    by: (who) => `par ${who}`,
    actors,
    reason: (text) => `« ${text} »`,
    via: (service) => `via ${service}`,
    today: 'Aujourd’hui',
    yesterday: 'Hier',
  },

  accounts: {
    title: 'Comptes',
    add: 'Ajouter un compte',
    empty: 'Vous n’avez pas encore de comptes. Ajoutez-en un pour chaque foyer ou entreprise que vous servez.',
    list: 'Comptes, les plus récents d’abord',
    since: (date) => `depuis le ${date}`,
    noLogins: 'Aucun utilisateur',
    more: 'Afficher la suite',
  },

  addAccount: {
    title: 'Ajouter un compte',
    lead: 'Le titulaire reçoit un e-mail avec un lien pour choisir un mot de passe. Vous ne le voyez et ne le fixez jamais.',
    name: 'Nom du compte',
    nameHint: 'Comme vous l’appelez : un foyer, une entreprise.',
    nameMissing: 'Saisissez un nom pour le compte.',
    owner: 'Son titulaire',
    loginName: 'Identifiant',
    loginNameMissing: 'Saisissez un identifiant pour le titulaire.',
    loginNameHint: 'Ce avec quoi le titulaire se connecte.',
    taken: 'Cet identifiant est déjà pris, ou ressemble à un autre. Choisissez-en un autre.',
    emailAddress: 'Adresse e-mail',
    emailHint: 'L’invitation y est envoyée.',
    emailInvalid: 'Cela ne ressemble pas à une adresse e-mail.',
    emailRefused: 'Nous ne pouvons pas envoyer d’e-mail à cette adresse. Vérifiez-la.',
    submit: 'Ajouter et inviter',
    addedTitle: (name) => `Compte ajouté : ${name}`,
    invited: (loginName, email) => `L’invitation à choisir un mot de passe pour « ${loginName} » est en route vers ${email}.`,
    another: 'En ajouter un autre',
    openOwner: 'Voir l’accès du titulaire',
    toList: 'Tous les comptes',
  },

  policy: {
    title: 'Règles',
    twoFactor: 'Double authentification pour vos clients',
    policies,
    now: 'actuellement',
    contact: 'Contact pour les clients bloqués',
    contactText: 'Affiché au client qui ne peut pas se connecter sans votre aide.',
    name: 'Nom',
    nameHint: 'Laissé vide, le nom de votre entreprise est affiché.',
    phone: 'Numéro de téléphone',
    email: 'Adresse e-mail',
    emailInvalid: 'Cela ne ressemble pas à une adresse e-mail.',
    unreachable: 'Sans numéro de téléphone ni adresse e-mail, un client bloqué ne peut pas vous joindre.',
    save: 'Enregistrer',
    saved: 'Enregistré.',
    requireTitle: 'Exiger la double authentification de tous ?',
    requireText: 'Cela compte tout de suite : les clients qui ne l’ont pas, connectés ou non, ne peuvent rien faire d’autre avant de l’avoir configurée.',
    require: 'L’exiger',
  },

  brand: {
    title: 'Marque',
    lead: 'Vos clients la voient dès que leur nom et leur mot de passe sont justes, et dans chaque message.',
    look: 'Nom, couleur et logo',
    name: 'Nom',
    nameHint: 'Tel que vos clients vous connaissent, en 30 caractères au plus.',
    nameInvalid: 'Saisissez un nom de 30 caractères ou moins.',
    color: 'Couleur',
    colorHint: 'Par exemple #17745f. Là où un texte y serait illisible, elle est assombrie ou éclaircie.',
    colorInvalid: 'Écrivez la couleur avec # et six chiffres ou lettres de a à f.',
    pickColor: 'Choisir la couleur',
    logo: 'Le logo',
    logoHint: 'Une image PNG, JPEG ou WebP de 40 kB au plus.',
    logoInvalid: 'Ce n’est pas une image PNG, JPEG ou WebP de 40 kB ou moins.',
    chooseLogo: 'Choisir une image',
    removeLogo: 'Retirer le logo',
    logoUrl: 'Adresse du logo pour les e-mails',
    logoUrlHint: 'Une adresse https. Laissée vide, les e-mails montrent le nom.',
    logoUrlInvalid: 'Cela ne ressemble pas à une adresse https.',
    preview: 'Aperçu',
    previewPages: 'Au-dessus des pages',
    previewCard: 'À la connexion',
    previewEmail: 'Dans un e-mail',
    save: 'Enregistrer',
    saved: 'Enregistré.',
  },
};
