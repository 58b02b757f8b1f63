import type { MethodKind } from '@latchkey/contracts';
import type { FailureCode } from '@latchkey/client';

/** What a sentence about a failure may mention. */
export interface FailureFacts {
  attemptsLeft: number | undefined;
  /** Already in words, for example "5 minutes". */
  retryAfter: string | undefined;
}

const again = ({ retryAfter }: FailureFacts) => (retryAfter ? ` Try again in ${retryAfter}.` : ' Try again in a moment.');
const tries = (left: number) => (left === 1 ? '1 try left' : `${left} tries left`);

/** Every failure as a sentence for a person: what happened, and what to do next. */
const failures: Record<FailureCode, string | ((facts: FailureFacts) => string)> = {
  network_lost: 'No connection. What you typed is still here.',
  invalid_request: 'Something in the form is not right. Check it and try again.',
  invalid_credentials: 'Login name or password is not right.',
  not_signed_in: 'You are not signed in any more. Sign in again.',
  wrong_code: ({ attemptsLeft }) =>
    attemptsLeft === undefined ? 'That code is not right.' : `That code is not right. ${tries(attemptsLeft)}.`,
  code_expired: 'That code has expired. Have a new one sent.',
  wrong_password: 'The password is not right.',
  cross_site_request: 'Your browser says that this request came from another site. Load this page again.',
  forbidden: 'You are not allowed to do this.',
  step_up_required: 'Enter a code first: this session was made without one.',
  new_password_required: 'Choose a new password first: we emailed you a link.',
  two_factor_setup_required: 'Set up two-factor first. Your service provider requires it.',
  not_found: 'This is not there any more.',
  method_not_allowed: 'Something went wrong on our side. Try again in a moment.',
  two_factor_off: 'Two-factor is off. Turn it on to trust devices.',
  required_by_provider: 'Your service provider requires two-factor, so it cannot be turned off.',
  ask_service_provider: 'Only your service provider can help here.',
  method_exists: 'You already have this method.',
  login_name_taken: 'This login name is taken, or looks like one that is. Choose another one.',
  invitation_accepted: 'The invitation was accepted already: there is a password.',
  link_over: 'This link does not work any more.',
  attempt_over: 'This sign-in has ended: it took too long, or there were too many wrong codes. Start again.',
  too_large: 'That is too long.',
  unsupported_media_type: 'Something went wrong on our side. Try again in a moment.',
  unsupported_destination: 'We cannot send codes there. Check it, or use another method.',
  too_many_requests: (facts) => `Too many tries.${again(facts)}`,
  locked: (facts) => `Too many wrong codes.${again(facts)}`,
  internal_error: 'Something went wrong on our side. Try again in a moment.',
  unavailable: (facts) => `Latchkey is not available right now.${again(facts)}`,
};

const methodNames: Record<MethodKind, string> = {
  sms: 'Text message',
  email: 'Email',
  totp: 'Authenticator app',
  recovery_code: 'Recovery code',
};

/** What the first load needs. The texts of the later pages are in en-pages.ts. */
export const en = {
  locale: 'en',
  appName: 'Latchkey',
  failures,
  methodNames,

  common: {
    continue: 'Continue',
    cancel: 'Cancel',
    close: 'Close',
    back: 'Back',
    tryAgain: 'Try again',
    tryAgainIn: (time: string) => `Try again in ${time}`,
    loading: 'Loading…',
    loadFailed: 'This could not be loaded',
    pageFailed: 'This page could not be loaded',
    reload: 'Load again',
    skipToContent: 'Skip to content',
    password: 'Password',
    showPassword: 'Show what is typed',
    hidePassword: 'Hide what is typed',
    code: 'Code',
    verify: 'Verify',
    sendAgain: 'Send again',
    sendAgainIn: (time: string) => `Send again in ${time}`,
    sentAgain: 'Sent again.',
    noSendsLeft: 'No more codes can be sent.',
    seconds: (count: number) => (count === 1 ? '1 second' : `${count} seconds`),
    minutes: (count: number) => (count === 1 ? '1 minute' : `${count} minutes`),
  },

  signIn: {
    title: 'Sign in',
    lead: 'Welcome back.',
    loginName: 'Login name',
    submit: 'Sign in',
    forgotPassword: 'Forgot your password?',
    missing: 'Enter your login name and your password.',
    ended: 'Your session has ended. Sign in again to go on.',
    signedOut: 'You are signed out.',
    changed: 'Two-factor has changed, so every session was ended. Sign in again.',
  },

  notFound: { title: 'Page not found', text: 'There is nothing at this address.', home: 'Go to the start page' },

  time: { justNow: 'just now' },
};
