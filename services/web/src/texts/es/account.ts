import type { Assurance, MethodKind } from '@latchkey/contracts';
import type { ActivityFacts } from '../facts.ts';
import type { AccountTexts } from '../page-texts.ts';

const message = ({ channel }: ActivityFacts) => (channel === 'email' ? 'correo' : 'mensaje de texto');
const named = (text: string, { method }: ActivityFacts) => (method ? `${text}: ${method}` : text);
const device = ({ device: name }: ActivityFacts) => (name ? `«${name}»` : 'Un dispositivo');
const methods: Record<MethodKind, string> = { sms: 'mensaje de texto', email: 'correo electrónico', totp: 'app de autenticación', recovery_code: 'código de recuperación' };
const how: Record<Assurance, string> = {
  pwd: 'solo con la contraseña',
  'pwd+trusted_device': 'con la contraseña, en un dispositivo de confianza',
  'pwd+email': 'con la contraseña y un código por correo',
  'pwd+sms': 'con la contraseña y un código por mensaje de texto',
  'pwd+totp': 'con la contraseña y una app de autenticación',
  'pwd+recovery_code': 'con la contraseña y un código de recuperación',
};

/** The texts of the pages about sessions, activity, the logins of an account, and what belongs to security besides methods. */
export const account: AccountTexts = {
  recoveryCodes: {
    title: 'Códigos de recuperación',
    left: (count) => (count === 1 ? 'Queda 1 código' : `Quedan ${count} códigos`),
    text: 'Cada uno le permite entrar una vez cuando no sirve otro método. Guárdelos donde los encuentre sin su teléfono.',
    few: 'Le quedan pocos. Cree otros antes de que le hagan falta.',
    none: 'No le queda ninguno. Cree otros, para poder entrar aunque pierda el teléfono.',
    make: 'Crear códigos nuevos',
    makeTitle: '¿Crear códigos de recuperación nuevos?',
    makeText: 'Los códigos que tiene ahora dejarán de servir.',
    madeTitle: 'Sus códigos de recuperación nuevos',
    shownOnce: 'Solo se muestran ahora. Guárdelos antes de continuar.',
    copy: 'Copiar',
    download: 'Descargar',
    print: 'Imprimir',
    fileName: 'latchkey-codigos-de-recuperacion.txt',
    fileHead: (loginName) => `Códigos de recuperación de ${loginName}. Cada uno sirve una vez.`,
    kept: 'Los he guardado',
  },

  resetHere: {
    title: 'Empezar de cero',
    text: '¿Tiene un teléfono nuevo o aquí ya nada es correcto? Al restablecer se olvidan sus métodos, códigos de recuperación y dispositivos de confianza, y vuelve a configurarlo todo.',
    action: 'Restablecer la verificación en dos pasos',
    dialogTitle: '¿Restablecer la verificación en dos pasos?',
    dialogText: 'Se olvidan sus métodos, códigos de recuperación y dispositivos de confianza, y se cierran las demás sesiones. Hasta que la configure de nuevo, solo su contraseña protege este acceso.',
  },

  password: {
    section: 'Contraseña',
    sectionText: 'Cámbiela si alguien más puede conocerla o si la usa en otro sitio.',
    title: 'Cambiar la contraseña',
    lead: 'Se cierran las demás sesiones, y los demás dispositivos dejan de ser de confianza.',
    submit: 'Cambiar contraseña',
    doneTitle: 'Su contraseña se ha cambiado',
    done: 'Se han cerrado las demás sesiones. En todos los demás sitios, inicie sesión con la nueva.',
    back: 'Volver a seguridad',
  },

  sessions: {
    title: 'Sesiones',
    lead: 'Dónde tiene la sesión abierta en este momento.',
    this: 'Esta sesión',
    since: (when) => `Abierta: ${when}`,
    from: (ip) => `desde ${ip}`,
    until: (date) => `Se cierra por sí sola el ${date}`,
    end: 'Cerrar',
    ended: (device) => `Se ha cerrado la sesión en ${device}.`,
    endOthers: 'Cerrar las demás sesiones',
    endedOthers: 'Se han cerrado las demás sesiones.',
    only: 'No tiene ninguna otra sesión abierta.',
    how,
  },

  logins: {
    title: 'Usuarios de su cuenta',
    lead: 'Cada persona de su hogar o su empresa tiene su propio acceso, con su contraseña y su verificación en dos pasos.',
    list: 'Usuarios',
    you: 'Usted',
    owner: 'Titular',
    invited: 'Invitación enviada',
    twoFactorOn: 'verificación en dos pasos activada',
    twoFactorOff: 'verificación en dos pasos desactivada',
    noPasswordYet: 'aún no ha elegido contraseña',
    sendAgain: 'Enviar otra vez la invitación',
    sentAgain: (name) => `La nueva invitación para ${name} va de camino. El enlace anterior ya no sirve.`,
    remove: 'Quitar',
    removeTitle: (name) => `¿Quitar a ${name}?`,
    removeText: 'Se cierran todas las sesiones de esta persona y ya no podrá iniciar otra. No se puede deshacer.',
    removed: (name) => `Se ha quitado a ${name}.`,
    add: 'Añadir un usuario',
    addText: 'Enviamos por correo una invitación para elegir contraseña. Solo la persona invitada llega a conocerla.',
    nameHint: 'Con qué inicia sesión esta persona: por ejemplo, un nombre o una dirección de correo.',
    emailAddress: 'Dirección de correo electrónico',
    nameMissing: 'Escriba un nombre de usuario.',
    nameUnfit: 'Este nombre de usuario no se puede usar. Elija otro.',
    emailInvalid: 'No parece una dirección de correo electrónico.',
    invite: 'Enviar invitación',
    added: (name) => `Se ha añadido a ${name}. La invitación va de camino.`,
  },

  activity: {
    title: 'Actividad',
    lead: 'Qué ha pasado con su acceso, lo más reciente primero.',
    today: 'Hoy',
    yesterday: 'Ayer',
    older: 'Cargar anteriores',
    all: 'Eso es todo.',
    none: 'Todavía no ha pasado nada.',
    by: {
      account_owner: (name) => `por ${name}, titular de su cuenta`,
      provider_staff: (name) => `por ${name}, su proveedor`,
      operator: (name) => `por ${name}, que gestiona este servicio`,
    },
    bySomebody: { account_owner: 'el titular de su cuenta', provider_staff: 'personal', operator: 'personal' },
    reasonGiven: (reason) => `Motivo indicado: ${reason}`,
    details: 'Paso a paso',
    methods,
    codeSent: (facts) => named('Se envió un código', facts),
    kinds: {
      login_refused: ({ reason }) =>
        ({
          wrong_password: 'Se escribió una contraseña incorrecta',
          new_password_required: 'Detenido: primero hay que elegir una contraseña nueva',
          too_many_requests: 'Detenido: demasiados intentos',
        })[reason ?? ''] ?? 'Se rechazó un inicio de sesión',
      code_required: (facts) => named('La contraseña era correcta; se pidió un código', facts),
      code_queued: (facts) => named(`Se preparó el ${message(facts)} con el código`, facts),
      code_accepted: (facts) => (facts.channel === 'email' ? 'El servicio de correo aceptó el correo' : 'La compañía telefónica aceptó el mensaje'),
      code_delivered: (facts) => `El ${message(facts)} se entregó`,
      code_failed: (facts) => `El ${message(facts)} no se pudo entregar`,
      code_unknown: (facts) => `No se sabe si el ${message(facts)} llegó a salir`,
      code_expired: (facts) => `El código caducó antes de poder enviar el ${message(facts)}`,
      code_refused: ({ reason, attemptsLeft }) =>
        ({
          wrong_code: `Se escribió un código incorrecto${attemptsLeft === undefined ? '' : `; ${attemptsLeft === 1 ? 'queda 1 intento' : `quedan ${attemptsLeft} intentos`}`}`,
          code_expired: 'Se escribió un código caducado',
          attempt_over: 'Se escribió un código cuando el inicio de sesión ya había terminado',
          locked: 'Demasiados códigos incorrectos: bloqueado por un tiempo',
        })[reason ?? ''] ?? 'Se rechazó un código',
      signed_in: ({ assurance, newDevice }) => `Inicio de sesión${assurance ? ` ${how[assurance]}` : ''}${newDevice ? ', en un dispositivo nuevo' : ''}`,
      stepped_up: ({ assurance }) => `Confirmación en una sesión${assurance ? ` ${how[assurance]}` : ''}`,
      sessions_ended: ({ reason }) => ({ this: 'Se cerró la sesión', one: 'Se cerró una sesión', others: 'Se cerraron las demás sesiones' })[reason ?? ''] ?? 'Se cerraron sesiones',
      device_trusted: (facts) => `${device(facts)} es de confianza`,
      device_forgotten: (facts) => `${device(facts)} ya no es de confianza: se olvidó`,
      device_secret_reused: (facts) => `${device(facts)} ya no es de confianza: se usó una clave antigua`,
      method_added: (facts) => named('Se añadió un método', facts),
      method_removed: (facts) => named('Se quitó un método', facts),
      two_factor_on: (facts) => named('Se activó la verificación en dos pasos', facts),
      two_factor_off: () => 'Se desactivó la verificación en dos pasos',
      two_factor_reset: () => 'Se restableció la verificación en dos pasos',
      recovery_codes_made: () => 'Se crearon códigos de recuperación nuevos',
      password_changed: ({ reason }) =>
        ({ changed: 'Se cambió la contraseña', reset: 'Se eligió una contraseña nueva con un enlace enviado por correo', chosen: 'Se eligió la primera contraseña' })[reason ?? ''] ?? 'Se cambió la contraseña',
      password_reset_asked: () => 'Se pidió un enlace para elegir una contraseña nueva',
      not_me: () => '«No he sido yo»: se cerraron todas las sesiones y hace falta una contraseña nueva',
      login_added: () => 'Se creó este acceso',
      login_invited: () => 'Se envió una invitación por correo',
      login_removed: () => 'Se eliminó este acceso',
    },
  },
};
