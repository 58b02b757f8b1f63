import type { CodePurpose } from '@latchkey/contracts';

export const languages = ['en', 'es', 'de', 'fr'] as const;
export type Language = (typeof languages)[number];

export interface CodeTexts {
  /** Letters of the GSM alphabet only (no í, ó, ú, ç or curly quotes): with any other a text holds 70 characters, not 160. */
  sms: Record<CodePurpose, (brand: string, code: string) => string>;
  subject: (brand: string, code: string) => string;
  intro: Record<CodePurpose, (brand: string) => string>;
  validFor: (minutes: number) => string;
  /** A code nobody asked for means different things before and after a password was right. */
  warning: Record<CodePurpose, string>;
}

export const codeTexts: Record<Language, CodeTexts> = {
  en: {
    sms: {
      login: (brand, code) => `${code} is your ${brand} login code.`,
      step_up: (brand, code) => `${code} is your ${brand} code.`,
      confirm_method: (brand, code) => `${code} confirms this number for ${brand}.`,
    },
    subject: (brand, code) => `${code} is your ${brand} code`,
    intro: {
      login: (brand) => `Your code to log in to ${brand}:`,
      step_up: (brand) => `Your code to go on at ${brand}:`,
      confirm_method: (brand) => `Your code to confirm this address for ${brand}:`,
    },
    validFor: (minutes) => `It works for ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} and only once.`,
    warning: warnings('Never give it to anybody. If you did not ask for it, somebody knows your password: change it.', 'Never give it to anybody. If you did not ask for it, ignore this message.'),
  },
  es: {
    sms: {
      login: (brand, code) => `${code} es su clave de ${brand}.`,
      step_up: (brand, code) => `${code} es su clave de ${brand}.`,
      confirm_method: (brand, code) => `${code} confirma este teléfono para ${brand}.`,
    },
    subject: (brand, code) => `${code} es su código de ${brand}`,
    intro: {
      login: (brand) => `Su código para entrar en ${brand}:`,
      step_up: (brand) => `Su código para continuar en ${brand}:`,
      confirm_method: (brand) => `Su código para confirmar esta dirección en ${brand}:`,
    },
    validFor: (minutes) => `Vale ${minutes} ${minutes === 1 ? 'minuto' : 'minutos'} y una sola vez.`,
    warning: warnings('No lo dé a nadie. Si no lo pidió, alguien conoce su contraseña: cámbiela.', 'No lo dé a nadie. Si no lo pidió, ignore este mensaje.'),
  },
  de: {
    sms: {
      login: (brand, code) => `${code} ist Ihr Code für ${brand}.`,
      step_up: (brand, code) => `${code} ist Ihr Code für ${brand}.`,
      confirm_method: (brand, code) => `${code} bestätigt diese Nummer für ${brand}.`,
    },
    subject: (brand, code) => `${code} ist Ihr Code für ${brand}`,
    intro: {
      login: (brand) => `Ihr Code zur Anmeldung bei ${brand}:`,
      step_up: (brand) => `Ihr Code, um bei ${brand} fortzufahren:`,
      confirm_method: (brand) => `Ihr Code, um diese Adresse für ${brand} zu bestätigen:`,
    },
    validFor: (minutes) => `Er gilt ${minutes} ${minutes === 1 ? 'Minute' : 'Minuten'} und nur einmal.`,
    warning: warnings('Geben Sie ihn niemandem. Haben Sie ihn nicht angefordert, kennt jemand Ihr Passwort: ändern Sie es.', 'Geben Sie ihn niemandem. Haben Sie ihn nicht angefordert, beachten Sie diese Nachricht nicht.'),
  },
  fr: {
    sms: {
      login: (brand, code) => `${code} est votre code ${brand}.`,
      step_up: (brand, code) => `${code} est votre code ${brand}.`,
      confirm_method: (brand, code) => `${code} confirme ce numéro pour ${brand}.`,
    },
    subject: (brand, code) => `${code} est votre code ${brand}`,
    intro: {
      login: (brand) => `Votre code pour vous connecter à ${brand} :`,
      step_up: (brand) => `Votre code pour continuer sur ${brand} :`,
      confirm_method: (brand) => `Votre code pour confirmer cette adresse pour ${brand} :`,
    },
    validFor: (minutes) => `Il est valable ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} et une seule fois.`,
    warning: warnings('Ne le donnez à personne. Si vous ne l’avez pas demandé, quelqu’un connaît votre mot de passe : changez-le.', 'Ne le donnez à personne. Si vous ne l’avez pas demandé, ignorez ce message.'),
  },
};

export function languageOf(locale: string): Language {
  const language = locale.slice(0, 2).toLowerCase();
  return languages.find((known) => known === language) ?? 'en';
}

function warnings(afterPassword: string, confirming: string): Record<CodePurpose, string> {
  return { login: afterPassword, step_up: afterPassword, confirm_method: confirming };
}
