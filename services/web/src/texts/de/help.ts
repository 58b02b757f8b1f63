import type { HelpTexts } from '../page-texts.ts';

/** The texts of what helps somebody in: emailed links, a forgotten password, codes that do not come. */
export const help: HelpTexts = {
  newPassword: {
    label: 'Neues Passwort',
    hint: 'Mindestens 8 Zeichen jeder Art, auch Leerzeichen. Je länger, desto besser.',
    missing: 'Geben Sie ein neues Passwort ein.',
    tooShort: 'Wählen Sie mindestens 8 Zeichen.',
    common: 'Das ist eines der häufigsten Passwörter. Wählen Sie ein anderes.',
    ownName: 'Nehmen Sie nicht Ihren Benutzernamen oder Ihre E-Mail-Adresse.',
    weak: 'Dieses Passwort ist zu leicht zu erraten. Wählen Sie ein anderes.',
    current: 'Bisheriges Passwort',
    currentMissing: 'Geben Sie Ihr bisheriges Passwort ein.',
  },

  forgot: {
    title: 'Passwort vergessen?',
    lead: 'Geben Sie Ihren Benutzernamen ein. Wir senden Ihnen per E-Mail einen Link, mit dem Sie ein neues Passwort wählen.',
    missing: 'Geben Sie Ihren Benutzernamen ein.',
    submit: 'Link senden',
    sentTitle: 'Sehen Sie in Ihr Postfach',
    sent: (loginName) => `Wenn es einen Zugang „${loginName}“ gibt, ist ein Link unterwegs zu seiner E-Mail-Adresse. Er gilt 30 Minuten.`,
    nothingCame: 'Nichts angekommen? Sehen Sie im Spam nach und prüfen Sie den Benutzernamen. Ohne Zugriff auf dieses Postfach kann nur Ihr Anbieter helfen.',
    otherName: 'Anderen Namen verwenden',
    toSignIn: 'Zurück zur Anmeldung',
  },

  link: {
    overTitle: 'Dieser Link funktioniert nicht mehr',
    over: 'Er wurde schon benutzt, durch einen neueren ersetzt oder ist zu alt.',
    incompleteTitle: 'Dieser Link ist nicht vollständig',
    incomplete: 'Öffnen Sie ihn noch einmal aus der E-Mail oder kopieren Sie ihn ganz in die Adresszeile.',
    askAgain: 'Neuen Link anfordern',
    overInvitation: 'Haben Sie schon ein Passwort? Dann melden Sie sich an. Wenn nicht, bitten Sie die Person, die Sie eingeladen hat, die Einladung noch einmal zu senden.',
    overNewPassword: 'Sie können sich einen neuen senden lassen.',
    overNotMe: 'Wenn Sie es uns schon gesagt haben, ist Ihr Zugang sicher. Wenn nicht, wählen Sie ein neues Passwort: Auch damit werden alle abgemeldet.',
    chooseNewPassword: 'Neues Passwort wählen',
    signIn: 'Anmelden',
  },

  invitation: {
    title: 'Willkommen. Wählen Sie Ihr Passwort',
    lead: 'Jemand hat für Sie einen Zugang angelegt. Er gehört Ihnen, sobald er ein Passwort hat, das nur Sie kennen sollten.',
    submit: 'Passwort speichern',
    doneTitle: 'Ihr Zugang ist bereit',
    done: 'Melden Sie sich mit Ihrem Benutzernamen, der in der E-Mail steht, und Ihrem neuen Passwort an.',
  },

  resetPassword: {
    title: 'Wählen Sie ein neues Passwort',
    lead: 'Das alte gilt dann nicht mehr, und alle, die damit angemeldet sind, werden abgemeldet.',
    submit: 'Passwort ändern',
    doneTitle: 'Ihr Passwort ist geändert',
    done: 'Alle Sitzungen wurden beendet. Melden Sie sich mit dem neuen Passwort an; wo die Zwei-Faktor-Anmeldung eingeschaltet ist, wird wie immer nach einem Code gefragt.',
  },

  notMe: {
    title: 'Das waren nicht Sie?',
    lead: 'Dann sichern Sie jetzt Ihren Zugang. Wenn Sie auf den Knopf drücken:',
    does: [
      'werden alle von Ihrem Zugang abgemeldet, auf jedem Gerät,',
      'wird keinem Gerät mehr vertraut,',
      'gilt das Passwort nicht mehr, bis Sie über einen Link in Ihrem Postfach ein neues wählen.',
    ],
    wasMe: 'Wenn Sie es doch waren, schließen Sie einfach diese Seite: Es ist nichts geschehen.',
    submit: 'Meinen Zugang sichern',
    doneTitle: 'Alle sind abgemeldet',
    doneLead: 'Ihr Zugang ist gesperrt, bis Sie ein neues Passwort wählen. Was jetzt zu tun ist:',
    next: [
      'Lassen Sie sich einen Link senden und wählen Sie ein Passwort, das Sie sonst nirgends benutzen.',
      'Melden Sie sich an und sehen Sie Ihre Methoden durch: Entfernen Sie Telefonnummern und E-Mail-Adressen, die nicht Ihre sind.',
      'Sehen Sie in den Verlauf: Dort steht, was getan wurde und von wo aus.',
    ],
    sendLink: 'Neues Passwort wählen',
  },

  newPasswordRequired: {
    title: 'Wählen Sie zuerst ein neues Passwort',
    text: 'Jemand hat uns gemeldet, dass eine Anmeldung oder Änderung nicht von ihm war, deshalb gilt dieses Passwort nicht mehr. Wir haben Ihnen per E-Mail einen Link gesendet, mit dem Sie ein neues wählen. Er gilt 30 Minuten.',
  },

  provider: {
    title: 'Fragen Sie Ihren Anbieter',
    onlyEmail: 'E-Mail ist Ihre einzige Methode, deshalb haben wir keinen zweiten Weg, Sie zu prüfen. Ihr Anbieter kennt Sie und kann die Zwei-Faktor-Anmeldung für Sie ausschalten.',
    noMailbox: 'Dieser Zugang hat kein Postfach, an das wir einen Code oder einen Link senden könnten. Ihr Anbieter kennt Sie und kann helfen.',
    name: 'Name',
    phone: 'Telefon',
    email: 'E-Mail',
  },

  reset: {
    title: 'Sie bekommen keine Codes?',
    lead: 'Sie haben gezeigt, dass Sie Ihr Passwort kennen. Mit einem Code, den wir an das Postfach Ihres Zugangs senden, können Sie die Zwei-Faktor-Anmeldung ausschalten und sich anmelden. Dabei',
    does: [
      'werden Ihre Methoden, Wiederherstellungscodes und vertrauten Geräte vergessen,',
      'werden alle anderen von Ihrem Zugang abgemeldet,',
      'erfahren alle Adressen Ihres Zugangs davon.',
    ],
    haveRecoveryCodes: 'Haben Sie Wiederherstellungscodes aufbewahrt? Einer davon genügt, und nichts wird ausgeschaltet.',
    submit: 'Code per E-Mail senden',
    otherWay: 'Zurück zum Code',
    enterTitle: 'Geben Sie den Code aus der E-Mail ein',
    enterLead: 'Wir senden einen 6-stelligen Code an das Postfach Ihres Zugangs.',
    confirm: 'Ausschalten und anmelden',
    doneTitle: 'Sie sind angemeldet, und die Zwei-Faktor-Anmeldung ist aus',
    done: 'Jetzt schützt nur Ihr Passwort Ihren Zugang. Richten Sie die Zwei-Faktor-Anmeldung mit einem Telefon oder einer App, die Sie haben, wieder ein.',
    doneRequired: 'Ihr Anbieter verlangt die Zwei-Faktor-Anmeldung: Richten Sie sie mit einem Telefon oder einer App, die Sie haben, wieder ein, um fortzufahren.',
    later: 'Später',
  },

  suggestion: {
    title: 'Machen Sie Ihren Zugang sicherer',
    text: 'Ihr Anbieter empfiehlt die Zwei-Faktor-Anmeldung: außer Ihrem Passwort ein Code, den nur Sie bekommen. Wer Ihr Passwort herausfindet, bleibt dann trotzdem draußen.',
    later: 'Jetzt nicht',
  },
};
