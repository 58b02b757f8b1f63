import type { Schemas } from '@latchkey/client';
import type { NoticeKind } from '@latchkey/contracts';
import type { OperatorTexts } from '../operator-texts.ts';

type Delivery = Schemas['OpsDeliveries']['deliveries'][number];
type Channel = Delivery['channel'];

const messages = (count: number) => (count > 1 ? `${count} messages` : `${count} message`);
const letters = (count: number) => (count > 1 ? `${count} lettres mortes` : `${count} lettre morte`);
const channels: Record<Channel, string> = { sms: 'SMS', email: 'E-mail' };
/** Within a sentence; both in the plural, so that one verb fits either and both. */
const theChannel: Record<Channel, string> = { sms: 'les SMS', email: 'les e-mails' };
const allOf = (several: Channel[]) => several.map((channel) => theChannel[channel]).join(' et ');
const sentence = (...parts: (string | false)[]) => parts.filter(Boolean).join(' ');

const states: Record<Delivery['state'], string> = {
  asking: 'Envoi en cours',
  retrying: 'En attente d’un nouvel essai',
  accepted: 'Pris en charge par le fournisseur',
  delivered: 'Remis',
  failed: 'Échoué',
  expired: 'Expiré avant l’envoi',
};
const circuits: Record<Schemas['OpsProviders']['providers'][number]['workers'][number]['circuit'], string> = {
  closed: 'fonctionne',
  half_open: 'nouvel essai en cours',
  open: 'en échec : laissé de côté un moment',
};
const notices: Record<NoticeKind, string> = {
  new_device: 'nouvel appareil',
  device_secret_reused: 'copie du secret d’un appareil',
  method_added: 'méthode ajoutée',
  method_removed: 'méthode retirée',
  two_factor_on: 'double authentification activée',
  two_factor_off: 'double authentification désactivée',
  two_factor_reset: 'double authentification réinitialisée',
  password_changed: 'mot de passe changé',
  provider_turned_two_factor_off: 'double authentification désactivée par le prestataire',
  codes_locked: 'codes bloqués',
  recovery_code_used: 'code de récupération utilisé',
  recovery_codes_made: 'nouveaux codes de récupération',
  policy_changed: 'règles changées',
  brand_changed: 'marque changée',
  signed_out_everywhere: 'déconnexion partout',
  invitation: 'invitation à choisir un mot de passe',
  forgotten_password: 'mot de passe oublié',
};

/** What stands in the book, by the word for it; a word that is not here is shown as it is. */
const actions: OperatorTexts['audit']['actions'] = {
  redrive: ({ queue, ids }) => `Lettres mortes remises dans ${queue} : ${chosen(ids)}`,
  discard: ({ queue, ids }) => `Lettres mortes de ${queue} supprimées : ${chosen(ids)}`,
  set_provider: ({ provider, on }) => `Fournisseur ${provider} ${on ? 'activé' : 'désactivé'}`,
  set_channel: ({ channel, paused }) => `${paused ? 'Mis en pause' : 'Repris'} : ${theChannel[channel as Channel] ?? String(channel)}`,
  set_worker: ({ worker, draining }) => (draining ? `Worker ${worker} drainé` : `Worker ${worker} remis en service`),
};
const chosen = (ids: unknown) => (Array.isArray(ids) ? (ids.length > 1 ? `${ids.length} choisies` : `${ids.length} choisie`) : 'toutes');

/** The texts of the operators' pages. */
export const operatorTexts: OperatorTexts = {
  tabs: {
    label: 'Exploitation',
    queues: 'Files d’attente',
    providers: 'Fournisseurs',
    deliveries: 'Envois',
    deadLetters: 'Lettres mortes',
    stories: 'Parcours',
    audit: 'Journal d’audit',
  },

  live: {
    every: (seconds) => `Actualisé toutes les ${seconds} s`,
    asOf: (clock) => `· relevé à ${clock}`,
    ago: (age) => `données d’il y a ${age}`,
    lost: 'Le serveur ne répond pas :',
    held: 'Pas d’actualisation tant que des éléments plus anciens sont affichés.',
    refresh: 'Actualiser',
    refreshed: 'À jour.',
  },

  chart: {
    told: (title, span, series) => `${title}, depuis ${span} : ${series.join(' ; ')}`,
    series: (name, now, highest) => `${name} : ${now} actuellement, ${highest} au plus haut`,
    empty: (title) => `${title} : pas encore de chiffres`,
    highest: (value) => `max. ${value}`,
    span: (age) => `depuis ${age}`,
    waitingFor: 'en attente de chiffres',
  },

  units: {
    seconds: (count) => `${count} s`,
    minutes: (count) => `${count} min`,
    hours: (count) => `${count} h`,
    days: (count) => `${count} j`,
    milliseconds: (count) => `${count} ms`,
    perSecond: (rate) => `${rate}/s`,
    bytes: (count) => `${count} octets`,
    unknown: 'inconnu',
  },

  channels,
  queues: {
    title: 'Files d’attente',
    overview: 'En un coup d’œil',
    events: 'Files d’événements',
    requests: 'Requêtes entre services',
    requestsText: 'L’appelant attend chaque réponse : ce qui reste ici longtemps, les gens le ressentent.',
    retries: 'Attentes entre les essais',
    retriesText: 'Personne ne consomme ces files : les messages y attendent et reviennent d’eux-mêmes dans la leur.',
    waiting: 'En attente',
    inHand: 'Non acquittés',
    published: 'Entrées',
    delivered: 'Sorties',
    rates: 'Messages par seconde',
    dead: 'Lettres mortes',
    consumers: 'Consommateurs',
    nobody: 'personne ne la consomme',
    oldest: 'Le plus ancien',
    inFlight: 'En cours',
    waitingIn: (queues, waiting) => `${queues} files, ${waiting} en attente`,
    noRates: 'Pas de débits : l’API de gestion du broker ne répond pas.',
    openDead: (count, queue) => `${letters(count)} de ${queue}`,
    chartOf: (what, queue) => `${what}, ${queue}`,
  },

  workers: {
    title: 'Workers d’envoi',
    none: 'Aucun worker n’a donné signe de vie récemment : rien n’est envoyé.',
    takes: 'prend des messages',
    drains: 'drainé : ne prend plus rien',
    inFlight: 'En cours',
    since: 'Démarré',
    seen: 'Dernier signe de vie',
    ago: (age) => `il y a ${age}`,
    drain: 'Drainer',
    drainOf: (worker) => `Drainer ${worker}`,
    takeBack: 'Remettre en service',
    takeBackOf: (worker) => `Remettre ${worker} en service`,
    drainTitle: 'Drainer ce worker ?',
    drainText: (worker, alone, others) =>
      sentence(
        `${worker} ne prend plus de messages et termine ceux qu’il a en cours.`,
        others && 'Les autres workers prennent le relais.',
        alone.length > 0 && `Il n’y a pas d’autre worker pour ${allOf(alone)} : ils attendront qu’il soit remis en service.`,
      ),
    takeBackTitle: 'Remettre ce worker en service ?',
    takeBackText: (worker) => `${worker} prend de nouveau des messages.`,
    drained: (worker) => `${worker} ne prend plus rien.`,
    takenBack: (worker) => `${worker} prend de nouveau des messages.`,
  },

  providers: {
    title: 'Fournisseurs',
    lead: 'Qui envoie ce qui part, et comment chaque worker s’en sort avec eux.',
    none: 'Aucun worker n’a encore annoncé de fournisseur.',
    on: 'Activé',
    off: 'Désactivé',
    turnOn: 'Activer',
    turnOnOf: (provider) => `Activer ${provider}`,
    turnOff: 'Désactiver',
    turnOffOf: (provider) => `Désactiver ${provider}`,
    onTitle: (provider) => `Activer ${provider} ?`,
    onText: (provider) => `${provider} est de nouveau sollicité pour les nouveaux messages, à sa place dans les routes.`,
    offTitle: (provider) => `Désactiver ${provider} ?`,
    offText: (provider, alone, others) =>
      sentence(
        `${provider} n’est plus sollicité par aucun worker.`,
        others && 'Ses messages passent aux autres fournisseurs.',
        alone.length > 0 && `Aucun autre fournisseur n’est activé pour ${allOf(alone)} : ils attendront dans la file, et les codes qui attendent trop longtemps expirent.`,
      ),
    turnedOn: (provider) => `${provider} est activé.`,
    turnedOff: (provider) => `${provider} est désactivé.`,
    circuits,
    since: (age) => `depuis ${age}`,
    noWorker: 'Aucun worker ne l’a.',
    channels: 'Canaux',
    sends: 'Envoyés',
    paused: 'En pause : ils attendent dans la file',
    pause: 'Mettre en pause',
    pauseOf: (channel) => `Mettre en pause ${theChannel[channel]}`,
    resume: 'Reprendre',
    resumeOf: (channel) => `Reprendre ${theChannel[channel]}`,
    pauseTitle: (channel) => `Mettre en pause ${theChannel[channel]} ?`,
    pauseText: 'Ils restent dans leur file, et personne n’en reçoit avant la reprise. Qui se connecte attend son code, et les codes qui attendent trop longtemps expirent.',
    resumeTitle: (channel) => `Reprendre ${theChannel[channel]} ?`,
    resumeText: 'Ce qui attend part tout de suite, sauf les codes qui ont expiré.',
    pausedNow: { sms: 'Les SMS sont maintenant retenus.', email: 'Les e-mails sont maintenant retenus.' },
    resumedNow: { sms: 'Les SMS repartent.', email: 'Les e-mails repartent.' },
  },

  deliveries: {
    title: 'Envois',
    state: 'État',
    provider: 'Fournisseur',
    channel: 'Canal',
    any: 'Tous',
    login: 'ID de l’accès',
    loginInvalid: 'Ce n’est pas l’ID d’un accès.',
    filter: 'Chercher dans le registre des envois',
    states,
    list: 'Les plus récents d’abord',
    none: 'Rien de tel dans le registre.',
    summary: 'De ce qui est affiché',
    listed: 'Affichés',
    toAccepted: 'De l’envoi à la prise en charge',
    toDelivered: 'De l’envoi à la remise',
    middle: (median, p95) => `médiane ${median}, p95 ${p95}`,
    ofMany: (count) => `sur ${count}`,
    noTimes: 'aucun avec accusé de réception',
    unknowns: 'Résultats inconnus',
    cost: 'Coût par pays',
    noCost: 'aucun fournisseur ici n’a de tarifs',
    country: (country, cost) => `${country} ${cost}`,
    noCountry: 'sans pays',
    purposes: {
      login: 'Code de connexion',
      confirm_method: 'Code pour confirmer une méthode',
      reset_two_factor: 'Code pour réinitialiser la double authentification',
      step_up: 'Code pour confirmer une session',
    },
    notice: (kind) => `Avis : ${notices[kind as NoticeKind] ?? kind.replaceAll('_', ' ')}`,
    to: (destination) => `à ${destination}`,
    via: (provider) => `via ${provider}`,
    segments: (count) => (count > 1 ? `${count} segments` : `${count} segment`),
    asks: (count) => (count === 1 ? 'demandé une fois' : `demandé ${count} fois`),
    unknownAsks: (count) => (count > 1 ? `${count} résultats inconnus` : `${count} résultat inconnu`),
    costs: (cost) => `coût ${cost}`,
    taken: (time) => `pris en charge après ${time}`,
    arrived: (time) => `remis après ${time}`,
    earlier: 'Demandes précédentes',
    earlierOutcomes: { unknown: 'résultat inconnu', transient: 'échec passager', permanent: 'refusé' },
    story: 'Parcours',
    storyOf: (destination) => `Parcours du message à ${destination}`,
    older: 'Charger la suite',
  },

  dead: {
    title: 'Lettres mortes',
    lead: 'Des messages qu’aucun essai n’a pu traiter. Personne d’autre que vous ne les retire d’ici.',
    queues: 'Files d’attente',
    none: (queue) => `Aucune lettre morte dans ${queue}.`,
    shown: (shown, total) => (shown < total ? `Les ${shown} plus anciennes sur ${total}` : letters(total)),
    choose: (what) => `Choisir ${what}`,
    chooseAll: 'Choisir toutes celles qui sont affichées',
    chosen: (count) => (count > 1 ? `${count} choisies` : `${count} choisie`),
    foreign: 'N’est pas un de nos événements',
    died: (when) => `morte : ${when}`,
    diedUnknown: 'morte à un moment inconnu',
    tries: (count) => (count > 1 ? `${count} essais` : `${count} essai`),
    expired: 'Expirée : la remettre en file n’envoie rien',
    expires: (when) => `expire : ${when}`,
    details: 'Contenu et historique',
    contents: 'Contenu, sans secrets ni destinations',
    noContents: 'Illisible comme événement, donc rien n’en est affiché.',
    history: 'Essais précédents',
    noHistory: 'Aucun essai précédent n’est connu.',
    id: 'Message',
    story: 'Parcours',
    storyOf: (id) => `Parcours du message ${id}`,
    redrive: 'Remettre en file',
    redriveAll: 'Tout remettre en file',
    discard: 'Supprimer',
    discardAll: 'Tout supprimer',
    redriveTitle: (count) => `Remettre en file ${letters(count)} ?`,
    redriveText: (count, queue, all, expired) =>
      sentence(
        all
          ? `Tout ce qui est mort dans ${queue} (${messages(count)}), et ce qui y meurt avant que le broker ne soit sollicité, y retourne et est réessayé depuis le début.`
          : `${messages(count)} ${count > 1 ? 'retournent' : 'retourne'} dans ${queue} et ${count > 1 ? 'sont réessayés' : 'est réessayé'} depuis le début.`,
        'Ce qui a causé leur mort peut la causer de nouveau.',
        expired > 0 && `${expired} ${expired > 1 ? 'ont expiré : rien n’est envoyé pour eux' : 'a expiré : rien n’est envoyé pour lui'}.`,
      ),
    discardTitle: (count) => `Supprimer ${letters(count)} ?`,
    discardText: (count, queue, all) =>
      sentence(
        all
          ? `Tout ce qui est mort dans ${queue} (${messages(count)}), et ce qui y meurt avant que le broker ne soit sollicité, est définitivement perdu.`
          : `${messages(count)} de ${queue} ${count > 1 ? 'sont définitivement perdus' : 'est définitivement perdu'}.`,
        'Ce qu’ils devaient faire ne sera jamais fait, et c’est irréversible.',
      ),
    redriven: (count, queue) => `${messages(count)} ${count > 1 ? 'sont retournés' : 'est retourné'} dans ${queue}.`,
    discarded: (count) => `${messages(count)} ${count > 1 ? 'ont été supprimés' : 'a été supprimé'}.`,
    left: (count) => (count === 0 ? 'Il n’en reste aucune.' : `Il reste ${letters(count)}.`),
    notFound: (count) => `${count} ${count > 1 ? 'n’étaient plus là' : 'n’était plus là'}.`,
    again: 'Un message qui ne peut pas être traité revient ici dans un instant.',
  },

  stories: {
    title: 'Parcours',
    lead: 'Ce qui s’est passé lors d’une tentative de connexion, ou avec un accès.',
    field: 'ID d’une tentative ou d’un accès',
    hint: 'Un ID de corrélation, comme dans les logs, les traces et les lettres mortes ; ou l’ID d’un accès.',
    invalid: 'Ce n’est pas un ID : 32 chiffres hexadécimaux avec des tirets.',
    show: 'Afficher',
    none: 'Aucun parcours n’a cet ID, et aucun accès non plus. Les historiques ne sont gardés qu’un certain temps.',
    ofAttempt: 'Le parcours de cette tentative',
    ofLogin: 'L’historique de cet accès',
    actors: { account_owner: 'le titulaire du compte', provider_staff: 'le prestataire', operator: 'un exploitant', system: 'Latchkey' },
    wholeLogin: 'Tout sur cet accès',
    sends: 'Ce qui lui a été envoyé',
  },

  audit: {
    title: 'Journal d’audit',
    lead: 'Ce que les exploitants ont fait. C’est inscrit avant d’être fait, donc présent ici même en cas d’échec.',
    none: 'Personne n’a encore rien fait.',
    actions,
    by: (name) => `par ${name}`,
    older: 'Charger la suite',
    end: 'Le journal commence ici.',
    ids: 'Messages',
  },
};
