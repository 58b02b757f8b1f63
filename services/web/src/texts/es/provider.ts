import type { Activity, ActivityKind, ActorKind, Assurance, MethodKind, Role, TwoFactorPolicy } from '@latchkey/contracts';
import type { ProviderTexts } from '../provider-texts.ts';

const sentTo = ({ channel, method }: Activity) => [channel === 'email' ? 'Correo' : 'Mensaje de texto', method?.hint && `a ${method.hint}`].filter(Boolean).join(' ');
const message = ({ channel }: Activity) => (channel === 'email' ? 'correo' : 'mensaje de texto');
const tries = (left: number | undefined) => (left === undefined ? '' : left === 0 ? ', sin más intentos: este inicio de sesión ha terminado' : left === 1 ? ', queda 1 intento' : `, quedan ${left} intentos`);
const by: Record<MethodKind, string> = { sms: 'por mensaje de texto', email: 'por correo', totp: 'de la app de autenticación', recovery_code: 'de los códigos de recuperación' };

const refusals: Record<string, string> = {
  wrong_password: 'Contraseña incorrecta',
  too_many_requests: 'Demasiados intentos: rechazado sin mirar la contraseña',
  new_password_required: 'Contraseña correcta, pero primero hay que elegir otra con el enlace del correo',
};
const codeRefusals: Record<string, string> = {
  wrong_code: 'Código incorrecto',
  code_expired: 'El código había caducado',
  attempt_over: 'Demasiados códigos incorrectos o demasiado tarde: este inicio de sesión ha terminado',
  locked: 'Demasiados códigos incorrectos: este método está bloqueado por un tiempo',
};
const passwordChanges: Record<string, string> = { changed: 'Contraseña cambiada', reset: 'Contraseña restablecida con el enlace del correo', chosen: 'Contraseña elegida, invitación aceptada' };
const ended: Record<string, string> = { this: 'Sesión cerrada', one: 'Sesión cerrada en un dispositivo', others: 'Sesión cerrada en los demás dispositivos' };

const assurance: Record<Assurance, string> = {
  pwd: 'solo con contraseña',
  'pwd+trusted_device': 'con contraseña en un dispositivo de confianza',
  'pwd+email': 'con contraseña y un código por correo',
  'pwd+sms': 'con contraseña y un código por mensaje de texto',
  'pwd+totp': 'con contraseña y app de autenticación',
  'pwd+recovery_code': 'con contraseña y un código de recuperación',
};

/** What each line of a timeline says. */
const happened: Record<ActivityKind, (activity: Activity) => string> = {
  login_refused: ({ reason = '' }) => refusals[reason] ?? 'Inicio de sesión rechazado',
  code_required: ({ method }) => (method ? `Se pidió un código ${by[method.kind]}` : 'Se pidió un código'),
  code_queued: (activity) => `${sentTo(activity)} en camino`,
  code_accepted: ({ channel }) => (channel === 'email' ? 'El servicio de correo aceptó el correo' : 'La compañía telefónica aceptó el mensaje'),
  code_delivered: (activity) => `El ${message(activity)} se entregó`,
  code_failed: (activity) => `El ${message(activity)} no se pudo entregar`,
  code_unknown: (activity) => `No se sabe si el ${message(activity)} llegó a salir`,
  code_expired: (activity) => `El código caducó antes de que saliera el ${message(activity)}`,
  code_refused: ({ reason = '', attemptsLeft }) => `${codeRefusals[reason] ?? 'Código rechazado'}${tries(attemptsLeft)}`,
  signed_in: (activity) => ['Inicio de sesión', activity.assurance && assurance[activity.assurance], activity.newDevice && '(dispositivo nuevo)'].filter(Boolean).join(' '),
  stepped_up: ({ assurance: by }) => ['Confirmación con un código en una sesión', by && assurance[by]].filter(Boolean).join(', '),
  sessions_ended: ({ reason = '' }) => ended[reason] ?? 'Sesión cerrada',
  device_trusted: () => 'Dispositivo de confianza añadido',
  device_forgotten: () => 'Dispositivo olvidado: ya no es de confianza',
  device_secret_reused: () => 'Se usó una copia del secreto de este dispositivo: confianza retirada',
  method_added: ({ method }) => `Método añadido${named(method)}`,
  method_removed: ({ method }) => `Método quitado${named(method)}`,
  two_factor_on: ({ method }) => `Verificación en dos pasos activada${named(method)}`,
  two_factor_off: () => 'Verificación en dos pasos desactivada',
  two_factor_reset: () => 'Verificación en dos pasos restablecida',
  recovery_codes_made: () => 'Códigos de recuperación nuevos creados',
  password_changed: ({ reason = '' }) => passwordChanges[reason] ?? 'Contraseña cambiada',
  password_reset_asked: () => 'Se pidió un enlace para restablecer la contraseña',
  not_me: () => 'Se pulsó «No he sido yo»: sesiones cerradas en todas partes, hace falta otra contraseña',
  login_added: () => 'Acceso creado, invitación enviada por correo',
  login_invited: () => 'Invitación enviada por correo',
  login_removed: () => 'Acceso eliminado',
};
const methodWords: Record<MethodKind, string> = { sms: 'mensaje de texto', email: 'correo electrónico', totp: 'app de autenticación', recovery_code: 'códigos de recuperación' };
const named = (method: Activity['method']) => (method ? `: ${methodWords[method.kind]}${method.kind === 'sms' || method.kind === 'email' ? ` ${method.hint}` : ''}` : '');

const roles: Record<Role, string> = { customer: 'Miembro', account_owner: 'Titular', provider_staff: 'Personal', operator: 'Operador' };
const actors: Record<Exclude<ActorKind, 'self'>, string> = {
  account_owner: 'el titular de la cuenta',
  provider_staff: 'su empresa',
  operator: 'el operador',
  system: 'Latchkey',
};
const policies: Record<TwoFactorPolicy, { name: string; meaning: string }> = {
  optional: { name: 'Opcional', meaning: 'Los clientes la activan si quieren. No se le pide a nadie.' },
  suggested: { name: 'Sugerida', meaning: 'Los clientes que no la tienen ven «Su proveedor sugiere la verificación en dos pasos». Pueden seguir sin ella.' },
  required: { name: 'Obligatoria', meaning: 'En cuanto guarde, los clientes que no la tienen solo podrán configurarla. Nadie puede desactivarla por su cuenta.' },
};

/** The texts of the service provider's console. */
export const providerTexts: ProviderTexts = {
  roles,

  customers: {
    title: 'Clientes',
    search: 'Buscar un cliente',
    hint: 'Cualquier parte del nombre de usuario o del nombre de la cuenta.',
    keys: 'Intro abre el resultado si es único; las flechas recorren varios.',
    found: (count, more) => (more ? `Los primeros ${count} usuarios` : count === 1 ? '1 usuario' : `${count} usuarios`),
    none: (query) => `Ningún cliente suyo tiene «${query}» en el nombre de usuario o en el nombre de la cuenta.`,
    noneHint: 'Compruebe la ortografía o pruebe con una parte más corta.',
    empty: 'Todavía no tiene clientes.',
    addFirst: 'Añadir una cuenta',
    more: 'Mostrar más',
    invited: 'Invitación aún no aceptada',
    twoFactorOn: 'Dos pasos: sí',
    twoFactorOff: 'Dos pasos: no',
    lastLogin: (when) => `último acceso: ${when}`,
    neverLoggedIn: 'nunca ha entrado',
  },

  customer: {
    back: 'Clientes',
    loading: 'Cliente',
    account: 'Cuenta',
    role: 'Función',
    email: 'Correo electrónico',
    noEmail: 'Ninguno',
    lastLogin: 'Último acceso',
    never: 'Nunca',
    since: 'Cliente desde',
    invited: 'Aún no ha aceptado la invitación, así que no tiene contraseña para entrar.',
    sendAgain: 'Enviar otra vez la invitación',
    sentAgain: 'La nueva invitación va de camino. El enlace anterior ya no sirve.',
    twoFactor: 'Verificación en dos pasos',
    on: 'Activada',
    off: 'Desactivada',
    onText: 'Se pide un código al iniciar sesión, salvo en un dispositivo de confianza.',
    offText: 'Este cliente entra solo con la contraseña.',
    offRequired: 'Usted exige la verificación en dos pasos: en el próximo inicio de sesión habrá que configurarla primero.',
    asDefault: 'Predeterminado',
    turnOff: 'Desactivar la verificación en dos pasos',
    gone: 'Este cliente no existe',
    goneText: 'El acceso se eliminó o no es de uno de sus clientes.',
  },

  turnOff: {
    title: (name) => `¿Desactivar la verificación en dos pasos de ${name}?`,
    sure: 'Asegúrese primero de que está hablando con este cliente: a partir de ahora bastará la contraseña.',
    consequences: [
      'Se olvidan todos los métodos y dispositivos de confianza.',
      'Se cierran todas las sesiones del cliente, en todas partes.',
      'Se avisa al cliente enseguida, con el nombre de su empresa y el motivo que indique.',
    ],
    thenSetUp: 'Usted exige la verificación en dos pasos, así que el cliente la configurará de nuevo en el próximo inicio de sesión.',
    reason: 'Motivo',
    reasonHint: 'El cliente lo leerá, y queda en la cronología.',
    reasonMissing: 'Escriba un motivo: el cliente lo leerá.',
    already: 'Ya estaba desactivada.',
    resultTitle: 'La verificación en dos pasos está desactivada',
    result: (name) => `${name} puede iniciar sesión solo con la contraseña y ha recibido aviso del motivo. Se han cerrado todas las sesiones.`,
    next: 'Diga al cliente que vuelva a iniciar sesión y configure un método nuevo en «Seguridad».',
  },

  timeline: {
    title: 'Qué ha pasado',
    empty: 'Todavía no ha pasado nada con este acceso.',
    refresh: 'Actualizar',
    refreshed: 'La cronología está al día.',
    older: 'Cargar anteriores',
    noOlder: 'Aquí empieza la cronología.',
    loadedOlder: (count) => (count === 1 ? '1 entrada anterior' : `${count} entradas anteriores`),
    happened,
    outcomes: { signed_in: 'Inició sesión', stepped_up: 'Confirmado con un código', refused: 'No inició sesión', asked: 'Código pedido', sent: 'Código enviado' },
    by: (who) => `por ${who}`,
    actors,
    reason: (text) => `«${text}»`,
    via: (service) => `a través de ${service}`,
    today: 'Hoy',
    yesterday: 'Ayer',
  },

  accounts: {
    title: 'Cuentas',
    add: 'Añadir una cuenta',
    empty: 'Todavía no tiene cuentas. Añada una por cada hogar o empresa a la que presta servicio.',
    list: 'Cuentas, las más recientes primero',
    since: (date) => `desde el ${date}`,
    noLogins: 'Sin usuarios',
    more: 'Mostrar más',
  },

  addAccount: {
    title: 'Añadir una cuenta',
    lead: 'El titular recibe un correo con un enlace para elegir contraseña. Usted no la ve ni la fija nunca.',
    name: 'Nombre de la cuenta',
    nameHint: 'Como usted la llame: un hogar, una empresa.',
    nameMissing: 'Escriba un nombre para la cuenta.',
    owner: 'Su titular',
    loginName: 'Nombre de usuario',
    loginNameMissing: 'Escriba un nombre de usuario para el titular.',
    loginNameHint: 'Con él inicia sesión el titular.',
    taken: 'Este nombre de usuario ya existe o se parece a uno que existe. Elija otro.',
    emailAddress: 'Dirección de correo electrónico',
    emailHint: 'Ahí llega la invitación.',
    emailInvalid: 'No parece una dirección de correo electrónico.',
    emailRefused: 'No podemos enviar correo a esta dirección. Compruébela.',
    submit: 'Añadir e invitar',
    addedTitle: (name) => `Cuenta añadida: ${name}`,
    invited: (loginName, email) => `La invitación para elegir la contraseña de «${loginName}» va de camino a ${email}.`,
    another: 'Añadir otra',
    openOwner: 'Ver el acceso del titular',
    toList: 'Todas las cuentas',
  },

  policy: {
    title: 'Política',
    twoFactor: 'Verificación en dos pasos para sus clientes',
    policies,
    now: 'ahora',
    contact: 'Contacto para clientes que no pueden entrar',
    contactText: 'Se muestra al cliente que no puede entrar sin su ayuda.',
    name: 'Nombre',
    nameHint: 'Si se deja vacío, se muestra el nombre de su empresa.',
    phone: 'Número de teléfono',
    email: 'Dirección de correo electrónico',
    emailInvalid: 'No parece una dirección de correo electrónico.',
    unreachable: 'Sin un teléfono o una dirección de correo, un cliente que no puede entrar no podrá contactar con usted.',
    save: 'Guardar',
    saved: 'Guardado.',
    requireTitle: '¿Exigir la verificación en dos pasos a todos?',
    requireText: 'Tiene efecto inmediato: los clientes que no la tienen, con la sesión abierta o no, no podrán hacer nada más hasta que la configuren.',
    require: 'Exigirla',
  },

  brand: {
    title: 'Marca',
    lead: 'Sus clientes la ven en cuanto su nombre y su contraseña son correctos, y en cada mensaje.',
    look: 'Nombre, color y logotipo',
    name: 'Nombre',
    nameHint: 'Como le conocen sus clientes; 30 caracteres como máximo.',
    nameInvalid: 'Escriba un nombre de 30 caracteres o menos.',
    color: 'El color',
    colorHint: 'Por ejemplo, #17745f. Donde no se pudiera leer el texto, se muestra más oscuro o más claro.',
    colorInvalid: 'Escriba el color como # y seis cifras o letras de la a a la f.',
    pickColor: 'Elegir el color',
    logo: 'Logotipo',
    logoHint: 'Una imagen PNG, JPEG o WebP de 40 kB como máximo.',
    logoInvalid: 'Esto no es una imagen PNG, JPEG o WebP de 40 kB o menos.',
    chooseLogo: 'Elegir una imagen',
    removeLogo: 'Quitar el logotipo',
    logoUrl: 'Dirección del logotipo para los correos',
    logoUrlHint: 'Una dirección https. Si se deja vacía, los correos muestran el nombre.',
    logoUrlInvalid: 'Esto no parece una dirección https.',
    preview: 'Vista previa',
    previewPages: 'Sobre las páginas',
    previewCard: 'Al iniciar la sesión',
    previewEmail: 'En un correo',
    save: 'Guardar',
    saved: 'Guardado.',
  },
};
