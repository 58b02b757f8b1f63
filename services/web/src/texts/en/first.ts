import type { FailureFacts, FailureTexts } from '../facts.ts';

const again = ({ retryAfter }: FailureFacts) => (retryAfter ? ` Try again in ${retryAfter}.` : ' Try again in a moment.');

/** What can go wrong at the sign-in, as a sentence for a person: what happened, and what to do next. */
const failures = {
  network_lost: 'No connection. What you typed is still here.',
  invalid_request: 'Something in the form is not right. Check it and try again.',
  invalid_credentials: 'Login name or password is not right.',
  not_signed_in: 'You are not signed in any more. Sign in again.',
  cross_site_request: 'Your browser says that this request came from another site. Load this page again.',
  attempt_over: 'This sign-in has ended: it took too long, or there were too many wrong codes. Start again.',
  too_many_requests: (facts) => `Too many tries.${again(facts)}`,
  locked: (facts) => `Too many wrong codes.${again(facts)}`,
  internal_error: 'Something went wrong on our side. Try again in a moment.',
  unavailable: (facts) => `Latchkey is not available right now.${again(facts)}`,
} satisfies FailureTexts;

/** What the first load needs. The texts of the later pages are in pages.ts. */
export const texts = {
  appName: 'Latchkey',
  failures,

  common: {
    tryAgain: 'Try again',
    tryAgainIn: (time: string) => `Try again in ${time}`,
    language: 'Language',
    loading: 'Loading…',
    loadFailed: 'This could not be loaded',
    pageFailed: 'This page could not be loaded',
    reload: 'Load again',
    password: 'Password',
    showPassword: 'Show what is typed',
    hidePassword: 'Hide what is typed',
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
};
