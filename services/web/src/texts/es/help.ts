import type { HelpTexts } from '../page-texts.ts';

/** The texts of what helps somebody in: emailed links, a forgotten password, codes that do not come. */
export const help: HelpTexts = {
  newPassword: {
    label: 'Contraseña nueva',
    hint: 'Al menos 8 caracteres de cualquier tipo, también espacios. Cuanto más larga, mejor.',
    missing: 'Escriba una contraseña nueva.',
    tooShort: 'Elija al menos 8 caracteres.',
    common: 'Es una de las contraseñas más comunes. Elija otra.',
    ownName: 'No elija su nombre de usuario ni su dirección de correo.',
    weak: 'Esta contraseña es demasiado fácil de adivinar. Elija otra.',
    current: 'Contraseña actual',
    currentMissing: 'Escriba su contraseña actual.',
  },

  forgot: {
    title: '¿Ha olvidado su contraseña?',
    lead: 'Escriba su nombre de usuario. Le enviaremos por correo un enlace para elegir una contraseña nueva.',
    missing: 'Escriba su nombre de usuario.',
    submit: 'Enviar enlace',
    sentTitle: 'Mire su correo',
    sent: (loginName) => `Si existe el usuario «${loginName}», un enlace va de camino a su dirección de correo. Vale durante 30 minutos.`,
    nothingCame: '¿No ha llegado nada? Mire en el correo no deseado y compruebe el nombre de usuario. Sin acceso a ese buzón, solo puede ayudarle su proveedor.',
    otherName: 'Usar otro nombre',
    toSignIn: 'Volver al inicio de sesión',
  },

  link: {
    overTitle: 'Este enlace ya no sirve',
    over: 'Ya se ha usado, se ha enviado otro más reciente o es demasiado antiguo.',
    incompleteTitle: 'Este enlace no está completo',
    incomplete: 'Vuelva a abrirlo desde el correo o cópielo entero en la barra de direcciones.',
    askAgain: 'Pedir otro enlace',
    overInvitation: '¿Ya tiene contraseña? Entonces inicie sesión. Si no, pida a quien le invitó que envíe la invitación otra vez.',
    overNewPassword: 'Puede pedir que se le envíe otro.',
    overNotMe: 'Si ya nos ha avisado, su acceso está protegido. Si no, elija una contraseña nueva: así también se cierran todas las sesiones.',
    chooseNewPassword: 'Elegir una contraseña nueva',
    signIn: 'Iniciar sesión',
  },

  invitation: {
    title: 'Le damos la bienvenida. Elija su contraseña',
    lead: 'Alguien ha creado un acceso para usted. Será suyo cuando tenga una contraseña, que nadie más debe conocer.',
    submit: 'Guardar contraseña',
    doneTitle: 'Su acceso está listo',
    done: 'Inicie sesión con su nombre de usuario, que está en el correo, y su contraseña nueva.',
  },

  resetPassword: {
    title: 'Elija una contraseña nueva',
    lead: 'La anterior dejará de servir y se cerrarán todas las sesiones abiertas con ella.',
    submit: 'Cambiar contraseña',
    doneTitle: 'Su contraseña se ha cambiado',
    done: 'Se han cerrado todas las sesiones. Inicie sesión con la contraseña nueva; si usa la verificación en dos pasos, se le pedirá un código como siempre.',
  },

  notMe: {
    title: '¿No ha sido usted?',
    lead: 'Entonces proteja su acceso ahora. Al pulsar el botón:',
    does: [
      'se cierra la sesión en todos los dispositivos,',
      'ningún dispositivo es ya de confianza,',
      'la contraseña deja de servir hasta que elija otra con un enlace que llegará a su buzón.',
    ],
    wasMe: 'Si al final fue usted, cierre esta página: no ha cambiado nada.',
    submit: 'Proteger mi acceso',
    doneTitle: 'Se han cerrado todas las sesiones',
    doneLead: 'Su acceso está bloqueado hasta que elija una contraseña nueva. Qué hacer ahora:',
    next: [
      'Pida un enlace y elija una contraseña que no use en ningún otro sitio.',
      'Inicie sesión y revise sus métodos: quite los teléfonos o las direcciones de correo que no sean suyos.',
      'Mire la actividad: dice qué se hizo y desde dónde.',
    ],
    sendLink: 'Elegir una contraseña nueva',
  },

  newPasswordRequired: {
    title: 'Elija primero una contraseña nueva',
    text: 'Alguien nos avisó de que un inicio de sesión o un cambio no eran suyos, así que esta contraseña ya no sirve. Le hemos enviado por correo un enlace para elegir otra. Vale durante 30 minutos.',
  },

  provider: {
    title: 'Pregunte a su proveedor',
    onlyEmail: 'El correo es su único método, así que no tenemos otra manera de comprobar que es usted. Su proveedor le conoce y puede desactivar la verificación en dos pasos.',
    noMailbox: 'Este acceso no tiene un buzón al que podamos enviar un código o un enlace. Su proveedor le conoce y puede ayudarle.',
    name: 'Nombre',
    phone: 'Teléfono',
    email: 'Correo electrónico',
  },

  reset: {
    title: '¿No puede recibir códigos?',
    lead: 'Ha demostrado que conoce su contraseña. Con un código que enviaremos al buzón de su acceso, puede desactivar la verificación en dos pasos y entrar. Además:',
    does: [
      'se olvidan sus métodos, códigos de recuperación y dispositivos de confianza,',
      'se cierran las demás sesiones de su acceso,',
      'se avisa a todas las direcciones de su acceso.',
    ],
    haveRecoveryCodes: '¿Guardó códigos de recuperación? Basta uno de ellos, y no se desactiva nada.',
    submit: 'Enviarme un código por correo',
    otherWay: 'Volver al código',
    enterTitle: 'Escriba el código del correo',
    enterLead: 'Estamos enviando un código de 6 cifras al buzón de su acceso.',
    confirm: 'Desactivar la verificación y entrar',
    doneTitle: 'Ha entrado; la verificación en dos pasos está desactivada',
    done: 'Ahora solo su contraseña protege su acceso. Vuelva a configurar la verificación en dos pasos con un teléfono o una app que tenga.',
    doneRequired: 'Su proveedor exige la verificación en dos pasos: para continuar, vuelva a configurarla con un teléfono o una app que tenga.',
    later: 'Más tarde',
  },

  suggestion: {
    title: 'Proteja mejor su acceso',
    text: 'Su proveedor sugiere la verificación en dos pasos: además de su contraseña, un código que solo recibe usted. Así, aunque alguien averigüe su contraseña, se queda fuera.',
    later: 'Ahora no',
  },
};
