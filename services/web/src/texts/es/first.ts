import type { FailureFacts } from '../facts.ts';
import type { Texts } from '../texts.ts';

const again = ({ retryAfter }: FailureFacts) => (retryAfter ? ` Vuelva a intentarlo dentro de ${retryAfter}.` : ' Vuelva a intentarlo en un momento.');

/** What the first load needs. The texts of the later pages are in pages.ts. */
export const texts: Texts = {
  appName: 'Latchkey',
  failures: {
    network_lost: 'No hay conexión. Lo que ha escrito sigue aquí.',
    invalid_request: 'Hay algo incorrecto en el formulario. Revíselo y vuelva a intentarlo.',
    invalid_credentials: 'El nombre de usuario o la contraseña no son correctos.',
    not_signed_in: 'Su sesión se ha cerrado. Vuelva a iniciarla.',
    cross_site_request: 'Según su navegador, esta solicitud viene de otro sitio. Vuelva a cargar esta página.',
    attempt_over: 'Este inicio de sesión ha terminado: ha pasado demasiado tiempo o ha habido demasiados códigos incorrectos. Empiece de nuevo.',
    too_many_requests: (facts) => `Demasiados intentos.${again(facts)}`,
    locked: (facts) => `Demasiados códigos incorrectos.${again(facts)}`,
    internal_error: 'Algo ha fallado por nuestra parte. Vuelva a intentarlo en un momento.',
    unavailable: (facts) => `Latchkey no está disponible en este momento.${again(facts)}`,
  },

  common: {
    tryAgain: 'Reintentar',
    tryAgainIn: (time) => `Reintentar dentro de ${time}`,
    language: 'Idioma',
    loading: 'Cargando…',
    loadFailed: 'No se ha podido cargar',
    pageFailed: 'No se ha podido cargar esta página',
    reload: 'Volver a cargar',
    password: 'Contraseña',
    showPassword: 'Mostrar lo escrito',
    hidePassword: 'Ocultar lo escrito',
  },

  signIn: {
    title: 'Iniciar sesión',
    lead: 'Nos alegra verle de nuevo.',
    loginName: 'Nombre de usuario',
    submit: 'Iniciar sesión',
    forgotPassword: '¿Ha olvidado su contraseña?',
    missing: 'Escriba su nombre de usuario y su contraseña.',
    ended: 'Su sesión se ha cerrado. Vuelva a iniciarla para continuar.',
    signedOut: 'Ha cerrado la sesión.',
    changed: 'La verificación en dos pasos ha cambiado y se han cerrado todas las sesiones. Vuelva a iniciar sesión.',
  },
};
