import type { CodePurpose } from '@latchkey/contracts';

export const languages = ['en', 'es', 'de', 'fr'] as const;
export type Language = (typeof languages)[number];

export interface CodeTexts {
  sms: Record<CodePurpose, (brand: string, code: string) => string>;
  subject: (brand: string, code: string) => string;
  intro: Record<CodePurpose, (brand: string) => string>;
  validUntil: string;
  warning: string;
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
    validUntil: 'It works for 10 minutes and only once.',
    warning: 'Never give it to anybody. If you did not ask for it, somebody knows your password: change it.',
  },
  es: {
    // Only letters of the GSM alphabet, which has no í, ó or ú: with one of them the text would not fit one segment.
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
    validUntil: 'Vale 10 minutos y una sola vez.',
    warning: 'No lo dé a nadie. Si no lo pidió, alguien conoce su contraseña: cámbiela.',
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
    validUntil: 'Er gilt 10 Minuten und nur einmal.',
    warning: 'Geben Sie ihn niemandem. Haben Sie ihn nicht angefordert, kennt jemand Ihr Passwort: ändern Sie es.',
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
    validUntil: 'Il est valable 10 minutes et une seule fois.',
    warning: 'Ne le donnez à personne. Si vous ne l’avez pas demandé, quelqu’un connaît votre mot de passe : changez-le.',
  },
};

export function languageOf(locale: string): Language {
  const language = locale.slice(0, 2).toLowerCase();
  return languages.find((known) => known === language) ?? 'en';
}
