import type { Schemas } from '@latchkey/client';
import type { NoticeKind } from '@latchkey/contracts';
import type { OperatorTexts } from '../operator-texts.ts';

type Delivery = Schemas['OpsDeliveries']['deliveries'][number];
type Channel = Delivery['channel'];

const messages = (count: number) => (count === 1 ? '1 Nachricht' : `${count} Nachrichten`);
const letters = (count: number) => (count === 1 ? '1 Dead Letter' : `${count} Dead Letters`);
const channels: Record<Channel, string> = { sms: 'SMS', email: 'E-Mail' };
/** Within a sentence; both in the plural, so that one verb fits either and both. */
const plural: Record<Channel, string> = { sms: 'SMS', email: 'E-Mails' };
const allOf = (several: Channel[]) => several.map((channel) => plural[channel]).join(' und ');
const sentence = (...parts: (string | false)[]) => parts.filter(Boolean).join(' ');

const states: Record<Delivery['state'], string> = {
  asking: 'Wird gesendet',
  retrying: 'Wartet auf einen neuen Versuch',
  accepted: 'Vom Provider angenommen',
  delivered: 'Zugestellt',
  failed: 'Fehlgeschlagen',
  expired: 'Vor dem Senden abgelaufen',
};
const circuits: Record<Schemas['OpsProviders']['providers'][number]['workers'][number]['circuit'], string> = {
  closed: 'funktioniert',
  half_open: 'wird wieder versucht',
  open: 'gestört: wird kurz in Ruhe gelassen',
};
const notices: Record<NoticeKind, string> = {
  new_device: 'neues Gerät',
  device_secret_reused: 'Kopie des Geheimnisses eines Geräts',
  method_added: 'Methode hinzugefügt',
  method_removed: 'Methode entfernt',
  two_factor_on: 'Zwei-Faktor-Anmeldung eingeschaltet',
  two_factor_off: 'Zwei-Faktor-Anmeldung ausgeschaltet',
  two_factor_reset: 'Zwei-Faktor-Anmeldung zurückgesetzt',
  password_changed: 'Passwort geändert',
  provider_turned_two_factor_off: 'Zwei-Faktor-Anmeldung vom Anbieter ausgeschaltet',
  codes_locked: 'Codes gesperrt',
  recovery_code_used: 'Wiederherstellungscode benutzt',
  recovery_codes_made: 'neue Wiederherstellungscodes',
  policy_changed: 'Regeln geändert',
  brand_changed: 'Marke geändert',
  signed_out_everywhere: 'überall abgemeldet',
  invitation: 'Einladung',
  forgotten_password: 'Passwort vergessen',
};

/** What stands in the book, by the word for it; a word that is not here is shown as it is. */
const actions: OperatorTexts['audit']['actions'] = {
  redrive: ({ queue, ids }) => `Dead Letters wieder in ${queue} eingereiht: ${chosen(ids)}`,
  discard: ({ queue, ids }) => `Dead Letters aus ${queue} verworfen: ${chosen(ids)}`,
  set_provider: ({ provider, on }) => `Provider ${provider} ${on ? 'eingeschaltet' : 'ausgeschaltet'}`,
  set_channel: ({ channel, paused }) => `${plural[channel as Channel] ?? String(channel)} ${paused ? 'angehalten' : 'fortgesetzt'}`,
  set_worker: ({ worker, draining }) => (draining ? `Worker ${worker} leerlaufen lassen` : `Worker ${worker} wieder eingesetzt`),
};
const chosen = (ids: unknown) => (Array.isArray(ids) ? (ids.length === 1 ? '1 ausgewählter' : `${ids.length} ausgewählte`) : 'alle');

/** The texts of the operators' pages. */
export const operatorTexts: OperatorTexts = {
  tabs: {
    label: 'Betrieb',
    queues: 'Warteschlangen',
    providers: 'Provider',
    deliveries: 'Zustellungen',
    deadLetters: 'Dead Letters',
    stories: 'Hergänge',
    audit: 'Audit-Protokoll',
  },

  live: {
    every: (seconds) => `Wird alle ${seconds} s aktualisiert`,
    asOf: (clock) => `· Stand ${clock}`,
    ago: (age) => `Stand vor ${age}`,
    lost: 'Der Server antwortet nicht:',
    held: 'Wird nicht aktualisiert, solange ältere gezeigt werden.',
    refresh: 'Aktualisieren',
    refreshed: 'Auf dem neuesten Stand.',
  },

  chart: {
    told: (title, span, series) => `${title}, seit ${span}: ${series.join('; ')}`,
    series: (name, now, highest) => `${name} jetzt ${now}, höchstens ${highest}`,
    empty: (title) => `${title}: noch keine Zahlen`,
    highest: (value) => `max. ${value}`,
    span: (age) => `seit ${age}`,
    waitingFor: 'wartet auf Zahlen',
  },

  units: {
    seconds: (count) => `${count} s`,
    minutes: (count) => `${count} min`,
    hours: (count) => `${count} h`,
    days: (count) => `${count} d`,
    milliseconds: (count) => `${count} ms`,
    perSecond: (rate) => `${rate}/s`,
    bytes: (count) => `${count} Byte`,
    unknown: 'nicht bekannt',
  },

  channels,
  queues: {
    title: 'Warteschlangen',
    overview: 'Auf einen Blick',
    events: 'Warteschlangen von Ereignissen',
    requests: 'Anfragen zwischen Diensten',
    requestsText: 'Auf jede Antwort wartet ein Aufrufer: Was hier lange liegt, bekommen Menschen zu spüren.',
    retries: 'Wartezeiten zwischen Versuchen',
    retriesText: 'Aus diesen nimmt niemand: Nachrichten warten hier und kehren von selbst in ihre Warteschlange zurück.',
    waiting: 'Wartend',
    inHand: 'Unbestätigt',
    published: 'Eingang',
    delivered: 'Ausgang',
    rates: 'Nachrichten pro Sekunde',
    dead: 'Dead Letters',
    consumers: 'Consumer',
    nobody: 'niemand nimmt daraus',
    oldest: 'Älteste',
    inFlight: 'In Arbeit',
    waitingIn: (queues, waiting) => `${queues} Warteschlangen, ${waiting} wartend`,
    noRates: 'Keine Raten: Die Management-API des Brokers antwortet nicht.',
    openDead: (count, queue) => `${letters(count)} aus ${queue}`,
    chartOf: (what, queue) => `${what}, ${queue}`,
  },

  workers: {
    title: 'Worker, die zustellen',
    none: 'In letzter Zeit hat sich kein Worker gemeldet: Nichts wird zugestellt.',
    takes: 'nimmt Nachrichten an',
    drains: 'läuft leer: nimmt nichts mehr an',
    inFlight: 'In Arbeit',
    since: 'Gestartet',
    seen: 'Zuletzt gemeldet',
    ago: (age) => `vor ${age}`,
    drain: 'Leerlaufen lassen',
    drainOf: (worker) => `${worker} leerlaufen lassen`,
    takeBack: 'Wieder einsetzen',
    takeBackOf: (worker) => `${worker} wieder einsetzen`,
    drainTitle: 'Diesen Worker leerlaufen lassen?',
    drainText: (worker, alone, others) =>
      sentence(
        `${worker} nimmt keine Nachrichten mehr an und beendet, was in Arbeit ist.`,
        others && 'Die anderen Worker übernehmen.',
        alone.length > 0 && `Für ${allOf(alone)} gibt es keinen anderen Worker: Sie warten, bis dieser wieder eingesetzt wird.`,
      ),
    takeBackTitle: 'Diesen Worker wieder einsetzen?',
    takeBackText: (worker) => `${worker} nimmt wieder Nachrichten an.`,
    drained: (worker) => `${worker} nimmt nichts mehr an.`,
    takenBack: (worker) => `${worker} nimmt wieder Nachrichten an.`,
  },

  providers: {
    title: 'Provider',
    lead: 'Wer versendet, was hinausgeht, und wie es jedem Worker damit ergeht.',
    none: 'Noch kein Worker hat einen Provider gemeldet.',
    on: 'Ein',
    off: 'Aus',
    turnOn: 'Einschalten',
    turnOnOf: (provider) => `${provider} einschalten`,
    turnOff: 'Ausschalten',
    turnOffOf: (provider) => `${provider} ausschalten`,
    onTitle: (provider) => `${provider} einschalten?`,
    onText: (provider) => `${provider} wird für neue Nachrichten wieder angefragt, an seinem Platz in den Routen.`,
    offTitle: (provider) => `${provider} ausschalten?`,
    offText: (provider, alone, others) =>
      sentence(
        `${provider} wird von keinem Worker mehr angefragt.`,
        others && 'Seine Nachrichten gehen an die anderen Provider.',
        alone.length > 0 && `Für ${allOf(alone)} ist kein anderer Provider eingeschaltet: Sie warten in der Warteschlange, und Codes, die zu lange warten, laufen ab.`,
      ),
    turnedOn: (provider) => `${provider} ist eingeschaltet.`,
    turnedOff: (provider) => `${provider} ist ausgeschaltet.`,
    circuits,
    since: (age) => `seit ${age}`,
    noWorker: 'Kein Worker hat ihn.',
    channels: 'Kanäle',
    sends: 'Wird versendet',
    paused: 'Angehalten: wartet in der Warteschlange',
    pause: 'Anhalten',
    pauseOf: (channel) => `${plural[channel]} anhalten`,
    resume: 'Fortsetzen',
    resumeOf: (channel) => `${plural[channel]} fortsetzen`,
    pauseTitle: (channel) => `${plural[channel]} anhalten?`,
    pauseText: 'Sie bleiben in ihrer Warteschlange, und keine geht hinaus, bis Sie fortsetzen. Wer sich anmeldet, wartet auf seinen Code, und Codes, die zu lange warten, laufen ab.',
    resumeTitle: (channel) => `${plural[channel]} fortsetzen?`,
    resumeText: 'Was wartet, geht sofort hinaus, außer abgelaufenen Codes.',
    pausedNow: { sms: 'SMS werden jetzt zurückgehalten.', email: 'E-Mails werden jetzt zurückgehalten.' },
    resumedNow: { sms: 'SMS gehen wieder hinaus.', email: 'E-Mails gehen wieder hinaus.' },
  },

  deliveries: {
    title: 'Zustellungen',
    state: 'Zustand',
    provider: 'Provider',
    channel: 'Kanal',
    any: 'Beliebig',
    login: 'ID des Zugangs',
    loginInvalid: 'Das ist nicht die ID eines Zugangs.',
    filter: 'Versandbuch durchsuchen',
    states,
    list: 'Neueste zuerst',
    none: 'Nichts im Versandbuch passt dazu.',
    summary: 'Von dem, was gezeigt wird',
    listed: 'Gezeigt',
    toAccepted: 'Vom Senden bis zur Annahme',
    toDelivered: 'Vom Senden bis zur Zustellung',
    middle: (median, p95) => `Median ${median}, p95 ${p95}`,
    ofMany: (count) => `von ${count}`,
    noTimes: 'keine mit Zustellbestätigung',
    unknowns: 'Unbekannte Ergebnisse',
    cost: 'Kosten nach Land',
    noCost: 'kein Provider hier hat Preise',
    country: (country, cost) => `${country} ${cost}`,
    noCountry: 'ohne Land',
    purposes: {
      login: 'Code zum Anmelden',
      confirm_method: 'Code zum Bestätigen einer Methode',
      reset_two_factor: 'Code zum Zurücksetzen der Zwei-Faktor-Anmeldung',
      step_up: 'Code zum Bestätigen einer Sitzung',
    },
    notice: (kind) => `Mitteilung: ${notices[kind as NoticeKind] ?? kind.replaceAll('_', ' ')}`,
    to: (destination) => `an ${destination}`,
    via: (provider) => `über ${provider}`,
    segments: (count) => (count === 1 ? '1 Segment' : `${count} Segmente`),
    asks: (count) => (count === 1 ? 'einmal angefragt' : `${count}-mal angefragt`),
    unknownAsks: (count) => (count === 1 ? '1 Ergebnis unbekannt' : `${count} Ergebnisse unbekannt`),
    costs: (cost) => `Kosten ${cost}`,
    taken: (time) => `angenommen nach ${time}`,
    arrived: (time) => `zugestellt nach ${time}`,
    earlier: 'Frühere Anfragen',
    earlierOutcomes: { unknown: 'Ergebnis unbekannt', transient: 'vorübergehend fehlgeschlagen', permanent: 'abgelehnt' },
    story: 'Hergang',
    storyOf: (destination) => `Hergang der Nachricht an ${destination}`,
    older: 'Ältere laden',
  },

  dead: {
    title: 'Dead Letters',
    lead: 'Nachrichten, die kein Versuch verarbeiten konnte. Niemand außer Ihnen nimmt hier etwas heraus.',
    queues: 'Warteschlangen',
    none: (queue) => `Keine Dead Letters in ${queue}.`,
    shown: (shown, total) => (shown < total ? `Die ${shown} ältesten von ${total}` : letters(total)),
    choose: (what) => `${what} auswählen`,
    chooseAll: 'Alle gezeigten auswählen',
    chosen: (count) => `${count} ausgewählt`,
    foreign: 'Keines unserer Ereignisse',
    died: (when) => `gestorben: ${when}`,
    diedUnknown: 'nicht bekannt, wann gestorben',
    tries: (count) => (count === 1 ? '1 Versuch' : `${count} Versuche`),
    expired: 'Abgelaufen: Erneutes Einreihen sendet nichts',
    expires: (when) => `läuft ab: ${when}`,
    details: 'Inhalt und Vorgeschichte',
    contents: 'Inhalt, ohne Geheimnisse und Ziele',
    noContents: 'Nicht als Ereignis lesbar, deshalb wird nichts davon gezeigt.',
    history: 'Frühere Versuche',
    noHistory: 'Frühere Versuche sind nicht bekannt.',
    id: 'Nachricht',
    story: 'Hergang',
    storyOf: (id) => `Hergang der Nachricht ${id}`,
    redrive: 'Erneut einreihen',
    redriveAll: 'Alle erneut einreihen',
    discard: 'Verwerfen',
    discardAll: 'Alle verwerfen',
    redriveTitle: (count) => `${letters(count)} erneut einreihen?`,
    redriveText: (count, queue, all, expired) =>
      sentence(
        all
          ? `Alles, was in ${queue} gestorben ist (${messages(count)}) und dort noch stirbt, bevor der Broker gefragt wird, geht dorthin zurück und wird von vorn versucht.`
          : `${messages(count)} ${count === 1 ? 'geht' : 'gehen'} zurück in ${queue} und ${count === 1 ? 'wird' : 'werden'} von vorn versucht.`,
        'Woran sie gestorben sind, daran können sie wieder sterben.',
        expired > 0 && `${expired} ${expired === 1 ? 'ist' : 'sind'} abgelaufen: Dafür wird nichts gesendet.`,
      ),
    discardTitle: (count) => `${letters(count)} verwerfen?`,
    discardText: (count, queue, all) =>
      sentence(
        all
          ? `Alles, was in ${queue} gestorben ist (${messages(count)}) und dort noch stirbt, bevor der Broker gefragt wird, ist endgültig verloren.`
          : `${messages(count)} aus ${queue} ${count === 1 ? 'ist' : 'sind'} endgültig verloren.`,
        'Was sie bewirken sollten, geschieht nie, und das lässt sich nicht rückgängig machen.',
      ),
    redriven: (count, queue) => `${messages(count)} ${count === 1 ? 'ist' : 'sind'} zurück in ${queue}.`,
    discarded: (count) => `${messages(count)} ${count === 1 ? 'wurde' : 'wurden'} verworfen.`,
    left: (count) => (count === 0 ? 'Keiner ist übrig.' : `${letters(count)} ${count === 1 ? 'ist' : 'sind'} übrig.`),
    notFound: (count) => `${count} ${count === 1 ? 'war' : 'waren'} nicht mehr da.`,
    again: 'Was sich nicht verarbeiten lässt, kommt gleich wieder hierher.',
  },

  stories: {
    title: 'Hergänge',
    lead: 'Was bei einem Anmeldeversuch oder mit einem Zugang geschehen ist.',
    field: 'ID eines Versuchs oder eines Zugangs',
    hint: 'Eine Korrelations-ID, wie in Logs, Traces und Dead Letters; oder die ID eines Zugangs.',
    invalid: 'Das ist keine ID: 32 hexadezimale Ziffern mit Bindestrichen.',
    show: 'Anzeigen',
    none: 'Kein Hergang hat diese ID und auch kein Zugang. Verläufe werden nur eine Zeit lang aufbewahrt.',
    ofAttempt: 'Der Hergang dieses Versuchs',
    ofLogin: 'Der Verlauf dieses Zugangs',
    actors: { account_owner: 'den Inhaber des Kontos', provider_staff: 'den Anbieter', operator: 'einen Betreiber', system: 'Latchkey' },
    wholeLogin: 'Alles zu diesem Zugang',
    sends: 'Was an ihn gesendet wurde',
  },

  audit: {
    title: 'Audit-Protokoll',
    lead: 'Was Betreiber getan haben. Es wird eingetragen, bevor es getan wird, und steht deshalb auch hier, wenn es misslang.',
    none: 'Noch hat niemand etwas getan.',
    actions,
    by: (name) => `durch ${name}`,
    older: 'Ältere laden',
    end: 'Hier beginnt das Protokoll.',
    ids: 'Nachrichten',
  },
};
