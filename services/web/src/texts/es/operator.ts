import type { Schemas } from '@latchkey/client';
import type { NoticeKind } from '@latchkey/contracts';
import type { OperatorTexts } from '../operator-texts.ts';

type Delivery = Schemas['OpsDeliveries']['deliveries'][number];
type Channel = Delivery['channel'];

const messages = (count: number) => (count === 1 ? '1 mensaje' : `${count} mensajes`);
const letters = (count: number) => (count === 1 ? '1 mensaje muerto' : `${count} mensajes muertos`);
const channels: Record<Channel, string> = { sms: 'Mensajes de texto', email: 'Correo' };
/** Within a sentence; both in the plural, so that one verb fits either and both. */
const theChannel: Record<Channel, string> = { sms: 'los mensajes de texto', email: 'los correos' };
const allOf = (several: Channel[]) => several.map((channel) => theChannel[channel]).join(' y ');
const sentence = (...parts: (string | false)[]) => parts.filter(Boolean).join(' ');

const states: Record<Delivery['state'], string> = {
  asking: 'Enviándose',
  retrying: 'A la espera de otro intento',
  accepted: 'Aceptado por el proveedor',
  delivered: 'Entregado',
  failed: 'Fallido',
  expired: 'Caducado antes de salir',
};
const circuits: Record<Schemas['OpsProviders']['providers'][number]['workers'][number]['circuit'], string> = {
  closed: 'funciona',
  half_open: 'se prueba de nuevo',
  open: 'falla: se le da un momento de descanso',
};
const notices: Record<NoticeKind, string> = {
  new_device: 'dispositivo nuevo',
  device_secret_reused: 'copia del secreto de un dispositivo',
  method_added: 'método añadido',
  method_removed: 'método quitado',
  two_factor_on: 'dos pasos activados',
  two_factor_off: 'dos pasos desactivados',
  two_factor_reset: 'dos pasos restablecidos',
  password_changed: 'contraseña cambiada',
  provider_turned_two_factor_off: 'dos pasos desactivados por el proveedor de servicios',
  codes_locked: 'códigos bloqueados',
  recovery_code_used: 'código de recuperación usado',
  recovery_codes_made: 'códigos de recuperación nuevos',
  policy_changed: 'política cambiada',
  brand_changed: 'marca cambiada',
  signed_out_everywhere: 'sesiones cerradas en todas partes',
  invitation: 'invitación',
  forgotten_password: 'contraseña olvidada',
};

/** What stands in the book, by the word for it; a word that is not here is shown as it is. */
const actions: OperatorTexts['audit']['actions'] = {
  redrive: ({ queue, ids }) => `Mensajes muertos reencolados en ${queue}: ${chosen(ids)}`,
  discard: ({ queue, ids }) => `Mensajes muertos de ${queue} descartados: ${chosen(ids)}`,
  set_provider: ({ provider, on }) => `Proveedor ${provider} ${on ? 'activado' : 'desactivado'}`,
  set_channel: ({ channel, paused }) => `${paused ? 'En pausa' : 'Reanudados'}: ${theChannel[channel as Channel] ?? String(channel)}`,
  set_worker: ({ worker, draining }) => (draining ? `Worker ${worker} drenado` : `Worker ${worker} reincorporado`),
};
const chosen = (ids: unknown) => (Array.isArray(ids) ? (ids.length === 1 ? '1 elegido' : `${ids.length} elegidos`) : 'todos');

/** The texts of the operators' pages. */
export const operatorTexts: OperatorTexts = {
  tabs: {
    label: 'Operaciones',
    queues: 'Colas',
    providers: 'Proveedores',
    deliveries: 'Envíos',
    deadLetters: 'Mensajes muertos',
    stories: 'Recorridos',
    audit: 'Auditoría',
  },

  live: {
    every: (seconds) => `Se actualiza cada ${seconds} s`,
    asOf: (clock) => `· última lectura: ${clock}`,
    ago: (age) => `datos de hace ${age}`,
    lost: 'El servidor no responde:',
    held: 'No se actualiza mientras se muestran anteriores.',
    refresh: 'Actualizar',
    refreshed: 'Al día.',
  },

  chart: {
    told: (title, span, series) => `${title}, desde hace ${span}: ${series.join('; ')}`,
    series: (name, now, highest) => `${name}: ahora ${now}, máximo ${highest}`,
    empty: (title) => `${title}: todavía sin datos`,
    highest: (value) => `máx. ${value}`,
    span: (age) => `desde hace ${age}`,
    waitingFor: 'esperando datos',
  },

  units: {
    seconds: (count) => `${count} s`,
    minutes: (count) => `${count} min`,
    hours: (count) => `${count} h`,
    days: (count) => `${count} d`,
    milliseconds: (count) => `${count} ms`,
    perSecond: (rate) => `${rate}/s`,
    bytes: (count) => `${count} bytes`,
    unknown: 'no se sabe',
  },

  channels,
  queues: {
    title: 'Colas',
    overview: 'De un vistazo',
    events: 'Colas de eventos',
    requests: 'Peticiones entre servicios',
    requestsText: 'Quien pide espera cada respuesta: lo que se queda aquí mucho tiempo, la gente lo nota.',
    retries: 'Esperas entre intentos',
    retriesText: 'De estas no consume nadie: los mensajes esperan aquí y vuelven solos a su cola.',
    waiting: 'En espera',
    inHand: 'Sin confirmar',
    published: 'Entran',
    delivered: 'Salen',
    rates: 'Mensajes por segundo',
    dead: 'Mensajes muertos',
    consumers: 'Consumidores',
    nobody: 'nadie consume de ella',
    oldest: 'El más antiguo',
    inFlight: 'En curso',
    waitingIn: (queues, waiting) => `${queues} colas, ${waiting} en espera`,
    noRates: 'Sin tasas: la API de gestión del broker no responde.',
    openDead: (count, queue) => `${letters(count)} de ${queue}`,
    chartOf: (what, queue) => `${what}, ${queue}`,
  },

  workers: {
    title: 'Workers que envían',
    none: 'No se sabe de ningún worker últimamente: no se envía nada.',
    takes: 'toma mensajes',
    drains: 'drenado: ya no toma nada',
    inFlight: 'En curso',
    since: 'Arrancado',
    seen: 'Última señal',
    ago: (age) => `hace ${age}`,
    drain: 'Drenar',
    drainOf: (worker) => `Drenar ${worker}`,
    takeBack: 'Reincorporar',
    takeBackOf: (worker) => `Reincorporar ${worker}`,
    drainTitle: '¿Drenar este worker?',
    drainText: (worker, alone, others) =>
      sentence(
        `${worker} no toma más mensajes y termina los que tiene en curso.`,
        others && 'Los demás workers se hacen cargo.',
        alone.length > 0 && `No hay otro worker para ${allOf(alone)}: esperarán hasta que se reincorpore.`,
      ),
    takeBackTitle: '¿Reincorporar este worker?',
    takeBackText: (worker) => `${worker} vuelve a tomar mensajes.`,
    drained: (worker) => `${worker} ya no toma nada.`,
    takenBack: (worker) => `${worker} vuelve a tomar mensajes.`,
  },

  providers: {
    title: 'Proveedores',
    lead: 'Quién envía lo que sale, y cómo le va a cada worker con ellos.',
    none: 'Ningún worker ha informado todavía de un proveedor.',
    on: 'Activo',
    off: 'Inactivo',
    turnOn: 'Activar',
    turnOnOf: (provider) => `Activar ${provider}`,
    turnOff: 'Desactivar',
    turnOffOf: (provider) => `Desactivar ${provider}`,
    onTitle: (provider) => `¿Activar ${provider}?`,
    onText: (provider) => `Se vuelve a recurrir a ${provider} para los mensajes nuevos, en su lugar de las rutas.`,
    offTitle: (provider) => `¿Desactivar ${provider}?`,
    offText: (provider, alone, others) =>
      sentence(
        `Ningún worker recurre ya a ${provider}.`,
        others && 'Sus mensajes pasan a los demás proveedores.',
        alone.length > 0 && `Ningún otro proveedor está activo para ${allOf(alone)}: esperarán en la cola, y los códigos que esperan demasiado caducan.`,
      ),
    turnedOn: (provider) => `${provider} está activo.`,
    turnedOff: (provider) => `${provider} está inactivo.`,
    circuits,
    since: (age) => `desde hace ${age}`,
    noWorker: 'Ningún worker lo tiene.',
    channels: 'Canales',
    sends: 'Se envían',
    paused: 'En pausa: esperan en la cola',
    pause: 'Pausar',
    pauseOf: (channel) => `Pausar ${theChannel[channel]}`,
    resume: 'Reanudar',
    resumeOf: (channel) => `Reanudar ${theChannel[channel]}`,
    pauseTitle: (channel) => `¿Pausar ${theChannel[channel]}?`,
    pauseText: 'Se quedan en su cola y nadie recibe ninguno hasta que usted los reanude. Quien inicia sesión espera su código, y los códigos que esperan demasiado caducan.',
    resumeTitle: (channel) => `¿Reanudar ${theChannel[channel]}?`,
    resumeText: 'Lo que espera sale enseguida, salvo los códigos que han caducado.',
    pausedNow: { sms: 'Los mensajes de texto quedan retenidos.', email: 'Los correos quedan retenidos.' },
    resumedNow: { sms: 'Los mensajes de texto vuelven a salir.', email: 'Los correos vuelven a salir.' },
  },

  deliveries: {
    title: 'Envíos',
    state: 'Estado',
    provider: 'Proveedor',
    channel: 'Canal',
    any: 'Cualquiera',
    login: 'ID del acceso',
    loginInvalid: 'No es el ID de un acceso.',
    filter: 'Buscar en el registro de envíos',
    states,
    list: 'Los más recientes primero',
    none: 'No hay nada así en el registro.',
    summary: 'De lo que se muestra',
    listed: 'Mostrados',
    toAccepted: 'De envío a aceptación',
    toDelivered: 'De envío a entrega',
    middle: (median, p95) => `mediana ${median}, p95 ${p95}`,
    ofMany: (count) => `de ${count}`,
    noTimes: 'ninguno con acuse de recibo',
    unknowns: 'Resultados desconocidos',
    cost: 'Coste por país',
    noCost: 'ningún proveedor de aquí tiene precios',
    country: (country, cost) => `${country} ${cost}`,
    noCountry: 'sin país',
    purposes: {
      login: 'Código para iniciar sesión',
      confirm_method: 'Código para confirmar un método',
      reset_two_factor: 'Código para restablecer los dos pasos',
      step_up: 'Código para confirmar una sesión',
    },
    notice: (kind) => `Aviso: ${notices[kind as NoticeKind] ?? kind.replaceAll('_', ' ')}`,
    to: (destination) => `a ${destination}`,
    via: (provider) => `a través de ${provider}`,
    segments: (count) => (count === 1 ? '1 segmento' : `${count} segmentos`),
    asks: (count) => (count === 1 ? 'pedido una vez' : `pedido ${count} veces`),
    unknownAsks: (count) => (count === 1 ? '1 resultado desconocido' : `${count} resultados desconocidos`),
    costs: (cost) => `coste ${cost}`,
    taken: (time) => `aceptado tras ${time}`,
    arrived: (time) => `entregado tras ${time}`,
    earlier: 'Peticiones anteriores',
    earlierOutcomes: { unknown: 'resultado desconocido', transient: 'fallo pasajero', permanent: 'rechazado' },
    story: 'Recorrido',
    storyOf: (destination) => `Recorrido del mensaje a ${destination}`,
    older: 'Cargar anteriores',
  },

  dead: {
    title: 'Mensajes muertos',
    lead: 'Mensajes que ningún intento pudo procesar. De aquí no saca nadie más que usted.',
    queues: 'Colas',
    none: (queue) => `No hay mensajes muertos en ${queue}.`,
    shown: (shown, total) => (shown < total ? `Los ${shown} más antiguos de ${total}` : letters(total)),
    choose: (what) => `Elegir ${what}`,
    chooseAll: 'Elegir todos los que se muestran',
    chosen: (count) => (count === 1 ? '1 elegido' : `${count} elegidos`),
    foreign: 'No es un evento nuestro',
    died: (when) => `murió: ${when}`,
    diedUnknown: 'no se sabe cuándo murió',
    tries: (count) => (count === 1 ? '1 intento' : `${count} intentos`),
    expired: 'Caducado: reencolarlo no envía nada',
    expires: (when) => `caduca: ${when}`,
    details: 'Contenido e historial',
    contents: 'Contenido, sin secretos ni destinos',
    noContents: 'No se puede leer como evento, así que no se muestra nada de él.',
    history: 'Intentos anteriores',
    noHistory: 'No se conocen intentos anteriores.',
    id: 'Mensaje',
    story: 'Recorrido',
    storyOf: (id) => `Recorrido del mensaje ${id}`,
    redrive: 'Reencolar',
    redriveAll: 'Reencolar todos',
    discard: 'Descartar',
    discardAll: 'Descartar todos',
    redriveTitle: (count) => `¿Reencolar ${letters(count)}?`,
    redriveText: (count, queue, all, expired) =>
      sentence(
        all
          ? `Vuelven a ${queue} y se intentan desde el principio todos los que murieron allí (${messages(count)}), y también los que mueran antes de que se pida al broker.`
          : `${messages(count)} ${count === 1 ? 'vuelve' : 'vuelven'} a ${queue} y se ${count === 1 ? 'intenta' : 'intentan'} desde el principio.`,
        'Lo que hizo que murieran puede volver a pasar.',
        expired > 0 && `${expired} ${expired === 1 ? 'ha caducado: por él' : 'han caducado: por ellos'} no se envía nada.`,
      ),
    discardTitle: (count) => `¿Descartar ${letters(count)}?`,
    discardText: (count, queue, all) =>
      sentence(
        all
          ? `Se pierden para siempre todos los que murieron en ${queue} (${messages(count)}), y también los que mueran allí antes de que se pida al broker.`
          : `${messages(count)} de ${queue} se ${count === 1 ? 'pierde' : 'pierden'} para siempre.`,
        'Lo que tenían que hacer no se hará nunca, y no se puede deshacer.',
      ),
    redriven: (count, queue) => `${messages(count)} ${count === 1 ? 'ha vuelto' : 'han vuelto'} a ${queue}.`,
    discarded: (count) => `${messages(count)} ${count === 1 ? 'descartado' : 'descartados'}.`,
    left: (count) => (count === 0 ? 'No queda ninguno.' : `${count === 1 ? 'Queda' : 'Quedan'} ${letters(count)}.`),
    notFound: (count) => `${count} ya no ${count === 1 ? 'estaba' : 'estaban'}.`,
    again: 'El que no se pueda procesar volverá aquí en un momento.',
  },

  stories: {
    title: 'Recorridos',
    lead: 'Qué pasó en un intento de inicio de sesión, o con un acceso.',
    field: 'ID de un intento o de un acceso',
    hint: 'Un ID de correlación, como en logs, trazas y mensajes muertos; o el ID de un acceso.',
    invalid: 'No es un ID: 32 cifras hexadecimales con guiones.',
    show: 'Mostrar',
    none: 'Ningún recorrido tiene este ID, y ningún acceso tampoco. Las cronologías solo se guardan por un tiempo.',
    ofAttempt: 'El recorrido de este intento',
    ofLogin: 'La cronología de este acceso',
    actors: { account_owner: 'el titular de la cuenta', provider_staff: 'el proveedor de servicios', operator: 'un operador', system: 'Latchkey' },
    wholeLogin: 'Todo lo de este acceso',
    sends: 'Lo que se le envió',
  },

  audit: {
    title: 'Registro de auditoría',
    lead: 'Lo que hicieron los operadores. Se anota antes de hacerlo, así que figura aquí aunque fallara.',
    none: 'Todavía nadie ha hecho nada.',
    actions,
    by: (name) => `por ${name}`,
    older: 'Cargar anteriores',
    end: 'Aquí empieza el registro.',
    ids: 'Mensajes',
  },
};
