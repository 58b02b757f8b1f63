import type { Activity, ActivityKind, ActorKind, Assurance, MethodKind, Role, TwoFactorPolicy } from '@latchkey/contracts';
import type { ProviderTexts } from '../provider-texts.ts';

const sentTo = ({ channel, method }: Activity) => [channel === 'email' ? 'E-Mail' : 'SMS', method?.hint && `an ${method.hint}`].filter(Boolean).join(' ');
const theMessage = ({ channel }: Activity) => (channel === 'email' ? 'die E-Mail' : 'die SMS');
const TheMessage = ({ channel }: Activity) => (channel === 'email' ? 'Die E-Mail' : 'Die SMS');
const tries = (left: number | undefined) =>
  left === undefined ? '' : left === 0 ? ', kein Versuch mehr: Diese Anmeldung ist beendet' : left === 1 ? ', noch 1 Versuch' : `, noch ${left} Versuche`;
const by: Record<MethodKind, string> = { sms: 'per SMS', email: 'per E-Mail', totp: 'aus der Authenticator-App', recovery_code: 'aus den Wiederherstellungscodes' };

const refusals: Record<string, string> = {
  wrong_password: 'Falsches Passwort',
  too_many_requests: 'Zu viele Versuche: abgelehnt, ohne das Passwort anzusehen',
  new_password_required: 'Richtiges Passwort, aber zuerst muss über den Link in der E-Mail ein neues gewählt werden',
};
const codeRefusals: Record<string, string> = {
  wrong_code: 'Falscher Code',
  code_expired: 'Der Code war abgelaufen',
  attempt_over: 'Zu viele falsche Codes oder zu spät: Diese Anmeldung ist beendet',
  locked: 'Zu viele falsche Codes: Diese Methode ist für eine Weile gesperrt',
};
const passwordChanges: Record<string, string> = { changed: 'Passwort geändert', reset: 'Passwort über den Link in der E-Mail zurückgesetzt', chosen: 'Passwort gewählt, Einladung angenommen' };
const ended: Record<string, string> = { this: 'Abgemeldet', one: 'Ein Gerät abgemeldet', others: 'Alle anderen Geräte abgemeldet' };

const assurance: Record<Assurance, string> = {
  pwd: 'nur mit Passwort',
  'pwd+trusted_device': 'mit Passwort auf einem vertrauten Gerät',
  'pwd+email': 'mit Passwort und Code per E-Mail',
  'pwd+sms': 'mit Passwort und Code per SMS',
  'pwd+totp': 'mit Passwort und Authenticator-App',
  'pwd+recovery_code': 'mit Passwort und Wiederherstellungscode',
};

/** What each line of a timeline says. */
const happened: Record<ActivityKind, (activity: Activity) => string> = {
  login_refused: ({ reason = '' }) => refusals[reason] ?? 'Anmeldung abgelehnt',
  code_required: ({ method }) => (method ? `Nach einem Code gefragt, ${by[method.kind]}` : 'Nach einem Code gefragt'),
  code_queued: (activity) => `${sentTo(activity)} unterwegs`,
  code_accepted: ({ channel }) => (channel === 'email' ? 'Der Maildienst hat die E-Mail angenommen' : 'Die Telefongesellschaft hat die SMS angenommen'),
  code_delivered: (activity) => `${TheMessage(activity)} wurde zugestellt`,
  code_failed: (activity) => `${TheMessage(activity)} konnte nicht zugestellt werden`,
  code_unknown: (activity) => `Ob ${theMessage(activity)} gesendet wurde, ist nicht bekannt`,
  code_expired: (activity) => `Der Code lief ab, bevor ${theMessage(activity)} gesendet wurde`,
  code_refused: ({ reason = '', attemptsLeft }) => `${codeRefusals[reason] ?? 'Code abgelehnt'}${tries(attemptsLeft)}`,
  signed_in: (activity) => ['Angemeldet', activity.assurance && assurance[activity.assurance], activity.newDevice && '(neues Gerät)'].filter(Boolean).join(' '),
  stepped_up: ({ assurance: by }) => ['In einer Sitzung mit einem Code bestätigt', by && assurance[by]].filter(Boolean).join(', '),
  sessions_ended: ({ reason = '' }) => ended[reason] ?? 'Abgemeldet',
  device_trusted: () => 'Gerät vertraut',
  device_forgotten: () => 'Gerät vergessen: nicht mehr vertraut',
  device_secret_reused: () => 'Eine Kopie des Geheimnisses dieses Geräts wurde benutzt: Vertrauen entzogen',
  method_added: ({ method }) => `Methode hinzugefügt${named(method)}`,
  method_removed: ({ method }) => `Methode entfernt${named(method)}`,
  two_factor_on: ({ method }) => `Zwei-Faktor-Anmeldung eingeschaltet${named(method)}`,
  two_factor_off: () => 'Zwei-Faktor-Anmeldung ausgeschaltet',
  two_factor_reset: () => 'Zwei-Faktor-Anmeldung zurückgesetzt',
  recovery_codes_made: () => 'Neue Wiederherstellungscodes erzeugt',
  password_changed: ({ reason = '' }) => passwordChanges[reason] ?? 'Passwort geändert',
  password_reset_asked: () => 'Link zum Zurücksetzen des Passworts angefordert',
  not_me: () => '„Das war ich nicht“ gedrückt: überall abgemeldet, neues Passwort nötig',
  login_added: () => 'Zugang angelegt, Einladung per E-Mail gesendet',
  login_invited: () => 'Einladung per E-Mail gesendet',
  login_removed: () => 'Zugang entfernt',
};
const methodWords: Record<MethodKind, string> = { sms: 'SMS', email: 'E-Mail', totp: 'Authenticator-App', recovery_code: 'Wiederherstellungscodes' };
const named = (method: Activity['method']) => (method ? `: ${methodWords[method.kind]}${method.kind === 'sms' || method.kind === 'email' ? ` ${method.hint}` : ''}` : '');

const roles: Record<Role, string> = { customer: 'Mitglied', account_owner: 'Inhaber', provider_staff: 'Personal', operator: 'Betreiber' };
const actors: Record<Exclude<ActorKind, 'self'>, string> = {
  account_owner: 'den Inhaber des Kontos',
  provider_staff: 'Ihre Firma',
  operator: 'den Betreiber',
  system: 'Latchkey',
};
const policies: Record<TwoFactorPolicy, { name: string; meaning: string }> = {
  optional: { name: 'Freiwillig', meaning: 'Kunden schalten sie ein, wenn sie möchten. Niemand wird dazu aufgefordert.' },
  suggested: { name: 'Empfohlen', meaning: 'Kunden ohne sie sehen „Ihr Anbieter empfiehlt die Zwei-Faktor-Anmeldung“. Sie können ohne sie fortfahren.' },
  required: { name: 'Verlangt', meaning: 'Sobald Sie speichern, können Kunden ohne sie nichts anderes tun, als sie einzurichten. Niemand kann sie selbst ausschalten.' },
};

/** The texts of the service provider's console. */
export const providerTexts: ProviderTexts = {
  roles,

  customers: {
    title: 'Kunden',
    search: 'Kunden suchen',
    hint: 'Ein beliebiger Teil des Benutzernamens oder des Kontonamens.',
    keys: 'Die Eingabetaste öffnet einen einzelnen Treffer, die Pfeiltasten gehen durch mehrere.',
    found: (count, more) => (more ? `Die ersten ${count} Zugänge` : count === 1 ? '1 Zugang' : `${count} Zugänge`),
    none: (query) => `Keiner Ihrer Kunden hat „${query}“ im Benutzernamen oder im Kontonamen.`,
    noneHint: 'Prüfen Sie die Schreibweise oder versuchen Sie es mit einem kürzeren Teil.',
    empty: 'Sie haben noch keine Kunden.',
    addFirst: 'Konto hinzufügen',
    more: 'Mehr anzeigen',
    invited: 'Einladung noch nicht angenommen',
    twoFactorOn: 'Zwei-Faktor ein',
    twoFactorOff: 'Zwei-Faktor aus',
    lastLogin: (when) => `letzte Anmeldung: ${when}`,
    neverLoggedIn: 'noch nie angemeldet',
  },

  customer: {
    back: 'Kunden',
    loading: 'Kunde',
    account: 'Konto',
    role: 'Rolle',
    email: 'E-Mail',
    noEmail: 'Keine',
    lastLogin: 'Letzte Anmeldung',
    never: 'Nie',
    since: 'Kunde seit',
    invited: 'Hat die Einladung noch nicht angenommen, deshalb gibt es kein Passwort für die Anmeldung.',
    sendAgain: 'Einladung noch einmal senden',
    sentAgain: 'Eine neue Einladung ist unterwegs. Der Link davor gilt nicht mehr.',
    twoFactor: 'Zwei-Faktor-Anmeldung',
    on: 'Ein',
    off: 'Aus',
    onText: 'Bei der Anmeldung wird nach einem Code gefragt, außer auf einem vertrauten Gerät.',
    offText: 'Diesem Kunden genügt das Passwort.',
    offRequired: 'Sie verlangen die Zwei-Faktor-Anmeldung: Bei der nächsten Anmeldung muss sie zuerst eingerichtet werden.',
    asDefault: 'Standard',
    turnOff: 'Zwei-Faktor-Anmeldung ausschalten',
    gone: 'Diesen Kunden gibt es nicht',
    goneText: 'Der Zugang wurde entfernt oder gehört keinem Ihrer Kunden.',
  },

  turnOff: {
    title: (name) => `Zwei-Faktor-Anmeldung von ${name} ausschalten?`,
    sure: 'Vergewissern Sie sich zuerst, dass Sie mit diesem Kunden sprechen: Danach genügt das Passwort.',
    consequences: [
      'Alle Methoden und vertrauten Geräte werden vergessen.',
      'Alle Sitzungen enden: Der Kunde wird überall abgemeldet.',
      'Der Kunde erfährt es sofort, mit dem Namen Ihrer Firma und Ihrem Grund.',
    ],
    thenSetUp: 'Sie verlangen die Zwei-Faktor-Anmeldung, deshalb richtet der Kunde sie bei der nächsten Anmeldung wieder ein.',
    reason: 'Grund',
    reasonHint: 'Der Kunde liest ihn, und er bleibt im Verlauf stehen.',
    reasonMissing: 'Geben Sie einen Grund an: Der Kunde wird ihn lesen.',
    already: 'Sie war schon aus.',
    resultTitle: 'Die Zwei-Faktor-Anmeldung ist jetzt aus',
    result: (name) => `${name} kann sich nur mit dem Passwort anmelden und hat den Grund erfahren. Alle Sitzungen sind beendet.`,
    next: 'Sagen Sie dem Kunden, dass er sich wieder anmelden und unter „Sicherheit“ eine neue Methode einrichten soll.',
  },

  timeline: {
    title: 'Was geschehen ist',
    empty: 'Mit diesem Zugang ist noch nichts geschehen.',
    refresh: 'Aktualisieren',
    refreshed: 'Der Verlauf ist auf dem neuesten Stand.',
    older: 'Ältere laden',
    noOlder: 'Hier beginnt der Verlauf.',
    loadedOlder: (count) => (count === 1 ? '1 älterer Eintrag' : `${count} ältere Einträge`),
    happened,
    outcomes: { signed_in: 'Angemeldet', stepped_up: 'Mit einem Code bestätigt', refused: 'Nicht angemeldet', asked: 'Nach Code gefragt', sent: 'Code gesendet' },
    by: (who) => `durch ${who}`,
    actors,
    reason: (text) => `„${text}“`,
    via: (service) => `über ${service}`,
    today: 'Heute',
    yesterday: 'Gestern',
  },

  accounts: {
    title: 'Konten',
    add: 'Konto hinzufügen',
    empty: 'Sie haben noch keine Konten. Fügen Sie für jeden Haushalt oder Betrieb, den Sie betreuen, eines hinzu.',
    list: 'Konten, die neuesten zuerst',
    since: (date) => `seit ${date}`,
    noLogins: 'Keine Zugänge',
    more: 'Mehr anzeigen',
  },

  addAccount: {
    title: 'Konto hinzufügen',
    lead: 'Der Inhaber bekommt eine E-Mail mit einem Link, um ein Passwort zu wählen. Sie sehen oder bestimmen es nie.',
    name: 'Name des Kontos',
    nameHint: 'Wie Sie es nennen: ein Haushalt, ein Betrieb.',
    nameMissing: 'Geben Sie einen Namen für das Konto ein.',
    owner: 'Sein Inhaber',
    loginName: 'Benutzername',
    loginNameMissing: 'Geben Sie einen Benutzernamen für den Inhaber ein.',
    loginNameHint: 'Damit meldet sich der Inhaber an.',
    taken: 'Diesen Benutzernamen gibt es schon, oder einen sehr ähnlichen. Wählen Sie einen anderen.',
    emailAddress: 'E-Mail-Adresse',
    emailHint: 'Dorthin geht die Einladung.',
    emailInvalid: 'Das sieht nicht nach einer E-Mail-Adresse aus.',
    emailRefused: 'An diese Adresse können wir keine E-Mails senden. Prüfen Sie sie.',
    submit: 'Hinzufügen und einladen',
    addedTitle: (name) => `${name} ist hinzugefügt`,
    invited: (loginName, email) => `Die Einladung, ein Passwort für „${loginName}“ zu wählen, ist unterwegs an ${email}.`,
    another: 'Weiteres hinzufügen',
    openOwner: 'Zugang des Inhabers ansehen',
    toList: 'Alle Konten',
  },

  policy: {
    title: 'Regeln',
    twoFactor: 'Zwei-Faktor-Anmeldung für Ihre Kunden',
    policies,
    now: 'derzeit',
    contact: 'Kontakt für ausgesperrte Kunden',
    contactText: 'Wird Kunden gezeigt, die ohne Ihre Hilfe nicht hineinkommen.',
    name: 'Name',
    nameHint: 'Bleibt das Feld leer, wird der Name Ihrer Firma gezeigt.',
    phone: 'Telefonnummer',
    email: 'E-Mail-Adresse',
    emailInvalid: 'Das sieht nicht nach einer E-Mail-Adresse aus.',
    unreachable: 'Ohne Telefonnummer oder E-Mail-Adresse kann ein ausgesperrter Kunde Sie nicht erreichen.',
    save: 'Speichern',
    saved: 'Gespeichert.',
    requireTitle: 'Zwei-Faktor-Anmeldung von allen verlangen?',
    requireText: 'Das gilt sofort: Kunden ohne sie, angemeldet oder nicht, können nichts anderes tun, bis sie eingerichtet ist.',
    require: 'Verlangen',
  },

  brand: {
    title: 'Marke',
    lead: 'Ihre Kunden sehen sie, sobald Name und Passwort stimmten, und in jeder Nachricht.',
    look: 'Name, Farbe und Logo',
    name: 'Name',
    nameHint: 'So, wie Ihre Kunden Sie kennen; höchstens 30 Zeichen.',
    nameInvalid: 'Geben Sie einen Namen mit höchstens 30 Zeichen ein.',
    color: 'Farbe',
    colorHint: 'Zum Beispiel #17745f. Wo Text darin nicht zu lesen wäre, wird sie dunkler oder heller gezeigt.',
    colorInvalid: 'Schreiben Sie die Farbe als # und sechs Ziffern oder Buchstaben von a bis f.',
    pickColor: 'Farbe auswählen',
    logo: 'Ihr Logo',
    logoHint: 'Ein Bild als PNG, JPEG oder WebP mit höchstens 40 kB.',
    logoInvalid: 'Das ist kein Bild als PNG, JPEG oder WebP mit höchstens 40 kB.',
    chooseLogo: 'Bild auswählen',
    removeLogo: 'Logo entfernen',
    logoUrl: 'Adresse des Logos für E-Mails',
    logoUrlHint: 'Eine https-Adresse. Ist sie leer, zeigen E-Mails den Namen.',
    logoUrlInvalid: 'Das sieht nicht nach einer https-Adresse aus.',
    preview: 'Vorschau',
    previewPages: 'Über den Seiten',
    previewCard: 'Beim Anmelden',
    previewEmail: 'In einer E-Mail',
    save: 'Speichern',
    saved: 'Gespeichert.',
  },
};
