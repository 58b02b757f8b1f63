import type { Assurance, MethodKind } from '@latchkey/contracts';
import type { ActivityFacts } from '../facts.ts';
import type { AccountTexts } from '../page-texts.ts';

const theMessage = ({ channel }: ActivityFacts) => (channel === 'email' ? 'die E-Mail' : 'die SMS');
const TheMessage = ({ channel }: ActivityFacts) => (channel === 'email' ? 'Die E-Mail' : 'Die SMS');
const named = (text: string, { method }: ActivityFacts) => (method ? `${text}: ${method}` : text);
const aboutDevice = (text: string, { device }: ActivityFacts) => (device ? `${text}: „${device}“` : text);
const methods: Record<MethodKind, string> = { sms: 'SMS', email: 'E-Mail', totp: 'Authenticator-App', recovery_code: 'Wiederherstellungscode' };
const how: Record<Assurance, string> = {
  pwd: 'nur mit dem Passwort',
  'pwd+trusted_device': 'mit dem Passwort, auf einem vertrauten Gerät',
  'pwd+email': 'mit dem Passwort und einem Code per E-Mail',
  'pwd+sms': 'mit dem Passwort und einem Code per SMS',
  'pwd+totp': 'mit dem Passwort und einer Authenticator-App',
  'pwd+recovery_code': 'mit dem Passwort und einem Wiederherstellungscode',
};

/** The texts of the pages about sessions, activity, the logins of an account, and what belongs to security besides methods. */
export const account: AccountTexts = {
  recoveryCodes: {
    title: 'Wiederherstellungscodes',
    left: (count) => (count === 1 ? 'Noch 1 Code' : `Noch ${count} Codes`),
    text: 'Mit jedem können Sie sich einmal anmelden, wenn keine andere Methode geht. Bewahren Sie sie dort auf, wo Sie sie ohne Ihr Telefon finden.',
    few: 'Sie haben nur noch wenige. Erzeugen Sie neue, bevor Sie sie brauchen.',
    none: 'Sie haben keine mehr. Erzeugen Sie neue, damit ein verlorenes Telefon Sie nicht aussperrt.',
    make: 'Neue Codes erzeugen',
    makeTitle: 'Neue Wiederherstellungscodes erzeugen?',
    makeText: 'Die Codes, die Sie jetzt haben, gelten dann nicht mehr.',
    madeTitle: 'Ihre neuen Wiederherstellungscodes',
    shownOnce: 'Sie werden nur jetzt gezeigt. Bewahren Sie sie auf, bevor Sie fortfahren.',
    copy: 'Kopieren',
    download: 'Herunterladen',
    print: 'Drucken',
    fileName: 'latchkey-wiederherstellungscodes.txt',
    fileHead: (loginName) => `Wiederherstellungscodes von ${loginName}. Jeder gilt einmal.`,
    kept: 'Ich habe sie aufbewahrt',
  },

  resetHere: {
    title: 'Neu anfangen',
    text: 'Ein neues Telefon, oder hier stimmt nichts mehr? Beim Zurücksetzen werden Ihre Methoden, Wiederherstellungscodes und vertrauten Geräte vergessen, und Sie richten alles neu ein.',
    action: 'Zwei-Faktor-Anmeldung zurücksetzen',
    dialogTitle: 'Zwei-Faktor-Anmeldung zurücksetzen?',
    dialogText: 'Ihre Methoden, Wiederherstellungscodes und vertrauten Geräte werden vergessen, und andere Sitzungen werden beendet. Bis Sie alles neu eingerichtet haben, schützt nur Ihr Passwort diesen Zugang.',
  },

  password: {
    section: 'Passwort',
    sectionText: 'Ändern Sie es, wenn jemand anderes es kennen könnte oder Sie es auch anderswo benutzen.',
    title: 'Passwort ändern',
    lead: 'Alle anderen Sitzungen werden beendet, und anderen Geräten wird nicht mehr vertraut.',
    submit: 'Passwort ändern',
    doneTitle: 'Ihr Passwort ist geändert',
    done: 'Alle anderen Sitzungen wurden beendet. Melden Sie sich überall sonst mit dem neuen an.',
    back: 'Zurück zur Sicherheit',
  },

  sessions: {
    title: 'Sitzungen',
    lead: 'Wo Sie in diesem Moment angemeldet sind.',
    this: 'Diese Sitzung',
    since: (when) => `Angemeldet: ${when}`,
    from: (ip) => `von ${ip}`,
    until: (date) => `Endet von selbst am ${date}`,
    end: 'Beenden',
    ended: (device) => `Sitzung beendet: ${device}.`,
    endOthers: 'Alle anderen Sitzungen beenden',
    endedOthers: 'Alle anderen Sitzungen wurden beendet.',
    only: 'Sie sind nirgends sonst angemeldet.',
    how,
  },

  logins: {
    title: 'Zugänge Ihres Kontos',
    lead: 'Alle in Ihrem Haushalt oder Betrieb bekommen einen eigenen Zugang, mit eigenem Passwort und eigener Zwei-Faktor-Anmeldung.',
    list: 'Zugänge',
    you: 'Sie',
    owner: 'Inhaber',
    invited: 'Eingeladen',
    twoFactorOn: 'Zwei-Faktor-Anmeldung ist ein',
    twoFactorOff: 'Zwei-Faktor-Anmeldung ist aus',
    noPasswordYet: 'hat noch kein Passwort gewählt',
    sendAgain: 'Einladung noch einmal senden',
    sentAgain: (name) => `Eine neue Einladung für ${name} ist unterwegs. Der Link davor gilt nicht mehr.`,
    remove: 'Entfernen',
    removeTitle: (name) => `${name} entfernen?`,
    removeText: 'Diese Person wird überall abgemeldet und kann sich nicht mehr anmelden. Das lässt sich nicht rückgängig machen.',
    removed: (name) => `${name} wurde entfernt.`,
    add: 'Zugang hinzufügen',
    addText: 'Wir senden per E-Mail eine Einladung, ein Passwort zu wählen. Nur die eingeladene Person erfährt es.',
    nameHint: 'Damit meldet sich diese Person an, zum Beispiel ein Vorname oder eine E-Mail-Adresse.',
    emailAddress: 'E-Mail-Adresse',
    nameMissing: 'Geben Sie einen Benutzernamen ein.',
    nameUnfit: 'Dieser Benutzername ist nicht möglich. Wählen Sie einen anderen.',
    emailInvalid: 'Das sieht nicht nach einer E-Mail-Adresse aus.',
    invite: 'Einladung senden',
    added: (name) => `${name} wurde hinzugefügt. Die Einladung ist unterwegs.`,
  },

  activity: {
    title: 'Verlauf',
    lead: 'Was mit Ihrem Zugang geschehen ist, das Neueste zuerst.',
    today: 'Heute',
    yesterday: 'Gestern',
    older: 'Ältere laden',
    all: 'Das ist alles.',
    none: 'Es ist noch nichts geschehen.',
    by: {
      account_owner: (name) => `durch ${name}, Inhaber Ihres Kontos`,
      provider_staff: (name) => `durch ${name}, Ihren Anbieter`,
      operator: (name) => `durch ${name}, Betreiber dieses Dienstes`,
    },
    bySomebody: { account_owner: 'den Inhaber Ihres Kontos', provider_staff: 'das Personal', operator: 'das Personal' },
    reasonGiven: (reason) => `Angegebener Grund: ${reason}`,
    details: 'Schritt für Schritt',
    methods,
    codeSent: (facts) => named('Ein Code wurde gesendet', facts),
    kinds: {
      login_refused: ({ reason }) =>
        ({
          wrong_password: 'Ein falsches Passwort wurde eingegeben',
          new_password_required: 'Angehalten: Zuerst muss ein neues Passwort gewählt werden',
          too_many_requests: 'Angehalten: zu viele Versuche',
        })[reason ?? ''] ?? 'Eine Anmeldung wurde abgelehnt',
      code_required: (facts) => named('Das Passwort war richtig; nach einem Code wurde gefragt', facts),
      code_queued: (facts) => named(`${TheMessage(facts)} mit dem Code wurde vorbereitet`, facts),
      code_accepted: (facts) => (facts.channel === 'email' ? 'Der Maildienst hat die E-Mail angenommen' : 'Die Telefongesellschaft hat die SMS angenommen'),
      code_delivered: (facts) => `${TheMessage(facts)} wurde zugestellt`,
      code_failed: (facts) => `${TheMessage(facts)} konnte nicht zugestellt werden`,
      code_unknown: (facts) => `Niemand weiß, ob ${theMessage(facts)} gesendet wurde`,
      code_expired: (facts) => `Der Code lief ab, bevor ${theMessage(facts)} gesendet werden konnte`,
      code_refused: ({ reason, attemptsLeft }) =>
        ({
          wrong_code: `Ein falscher Code wurde eingegeben${attemptsLeft === undefined ? '' : `; noch ${attemptsLeft === 1 ? '1 Versuch' : `${attemptsLeft} Versuche`}`}`,
          code_expired: 'Ein abgelaufener Code wurde eingegeben',
          attempt_over: 'Ein Code wurde eingegeben, nachdem die Anmeldung beendet war',
          locked: 'Zu viele falsche Codes: für eine Weile gesperrt',
        })[reason ?? ''] ?? 'Ein Code wurde abgelehnt',
      signed_in: ({ assurance, newDevice }) => `Angemeldet${assurance ? ` ${how[assurance]}` : ''}${newDevice ? ', auf einem neuen Gerät' : ''}`,
      stepped_up: ({ assurance }) => `In einer Sitzung bestätigt${assurance ? ` ${how[assurance]}` : ''}`,
      sessions_ended: ({ reason }) => ({ this: 'Abgemeldet', one: 'Eine Sitzung wurde beendet', others: 'Alle anderen Sitzungen wurden beendet' })[reason ?? ''] ?? 'Sitzungen wurden beendet',
      device_trusted: (facts) => aboutDevice('Einem Gerät wird vertraut', facts),
      device_forgotten: (facts) => aboutDevice('Ein Gerät wurde vergessen', facts),
      device_secret_reused: (facts) => aboutDevice('Ein alter Schlüssel wurde benutzt, deshalb wird dem Gerät nicht mehr vertraut', facts),
      method_added: (facts) => named('Eine Methode wurde hinzugefügt', facts),
      method_removed: (facts) => named('Eine Methode wurde entfernt', facts),
      two_factor_on: (facts) => named('Die Zwei-Faktor-Anmeldung wurde eingeschaltet', facts),
      two_factor_off: () => 'Die Zwei-Faktor-Anmeldung wurde ausgeschaltet',
      two_factor_reset: () => 'Die Zwei-Faktor-Anmeldung wurde zurückgesetzt',
      recovery_codes_made: () => 'Neue Wiederherstellungscodes wurden erzeugt',
      password_changed: ({ reason }) =>
        ({ changed: 'Das Passwort wurde geändert', reset: 'Ein neues Passwort wurde über einen Link per E-Mail gewählt', chosen: 'Das erste Passwort wurde gewählt' })[reason ?? ''] ?? 'Das Passwort wurde geändert',
      password_reset_asked: () => 'Ein Link für ein neues Passwort wurde angefordert',
      not_me: () => '„Das war ich nicht“: Alle wurden abgemeldet, und ein neues Passwort ist nötig',
      login_added: () => 'Dieser Zugang wurde angelegt',
      login_invited: () => 'Eine Einladung wurde per E-Mail gesendet',
      login_removed: () => 'Dieser Zugang wurde entfernt',
    },
  },
};
