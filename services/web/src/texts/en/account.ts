import type { ActivityKind, Assurance, MethodKind } from '@latchkey/contracts';
import type { ActivityFacts } from '../facts.ts';

const message = ({ channel }: ActivityFacts) => (channel === 'email' ? 'email' : 'text');
const named = (text: string, { method }: ActivityFacts) => (method ? `${text}: ${method}` : text);
const device = ({ device: name }: ActivityFacts) => (name ? `“${name}”` : 'A device');
const methods: Record<MethodKind, string> = { sms: 'text message', email: 'email', totp: 'authenticator app', recovery_code: 'recovery code' };
const how: Record<Assurance, string> = {
  pwd: 'with the password alone',
  'pwd+trusted_device': 'with the password, on a trusted device',
  'pwd+email': 'with the password and a code by email',
  'pwd+sms': 'with the password and a code by text',
  'pwd+totp': 'with the password and an authenticator app',
  'pwd+recovery_code': 'with the password and a recovery code',
};

/** The texts of the pages about sessions, activity, the logins of an account, and what belongs to security besides methods. */
export const account = {
  recoveryCodes: {
    title: 'Recovery codes',
    left: (count: number) => (count === 1 ? '1 code left' : `${count} codes left`),
    text: 'Each lets you in once when no other method does. Keep them where you find them without your phone.',
    few: 'You have few left. Make new ones before you need them.',
    none: 'You have none left. Make new ones, so that a lost phone does not lock you out.',
    make: 'Make new codes',
    makeTitle: 'Make new recovery codes?',
    makeText: 'The codes that you have now stop working.',
    madeTitle: 'Your new recovery codes',
    shownOnce: 'They are shown only now. Keep them before you go on.',
    copy: 'Copy',
    download: 'Download',
    print: 'Print',
    fileName: 'latchkey-recovery-codes.txt',
    fileHead: (loginName: string) => `Recovery codes of ${loginName}. Each works once.`,
    kept: 'I have kept them',
  },

  resetHere: {
    title: 'Begin anew',
    text: 'A new phone, or nothing here is right any more? A reset forgets your methods, recovery codes and trusted devices, and leads you into set-up again.',
    action: 'Reset two-factor',
    dialogTitle: 'Reset two-factor?',
    dialogText: 'Your methods, recovery codes and trusted devices are forgotten, and other sessions end. Until you have set it up again, your password alone protects this login.',
  },

  password: {
    section: 'Password',
    sectionText: 'Change it when somebody else may know it, or when you use it anywhere else.',
    title: 'Change password',
    lead: 'Every other session ends, and other devices are not trusted any more.',
    submit: 'Change password',
    doneTitle: 'Your password is changed',
    done: 'Every other session was ended. Everywhere else, sign in with the new one.',
    back: 'Back to security',
  },

  sessions: {
    title: 'Sessions',
    lead: 'Where you are signed in at this moment.',
    this: 'This session',
    since: (when: string) => `Signed in ${when}`,
    from: (ip: string) => `from ${ip}`,
    until: (date: string) => `Ends by itself on ${date}`,
    end: 'End',
    ended: (device: string) => `The session on ${device} was ended.`,
    endOthers: 'End all other sessions',
    endedOthers: 'All other sessions were ended.',
    only: 'You are signed in nowhere else.',
    how,
  },

  logins: {
    title: 'Logins of your account',
    lead: 'Everybody in your household or business gets a login of their own, with their own password and two-factor.',
    list: 'Logins',
    you: 'You',
    owner: 'Owner',
    invited: 'Invited',
    twoFactorOn: 'two-factor is on',
    twoFactorOff: 'two-factor is off',
    noPasswordYet: 'has not chosen a password yet',
    sendAgain: 'Send again',
    sentAgain: (name: string) => `A new invitation for ${name} is on its way. The earlier link works no more.`,
    remove: 'Remove',
    removeTitle: (name: string) => `Remove ${name}?`,
    removeText: 'This person is signed out everywhere and can not sign in any more. It can not be undone.',
    removed: (name: string) => `${name} was removed.`,
    add: 'Add a login',
    addText: 'We email an invitation to choose a password. Nobody but the invited person gets to know it.',
    nameHint: 'What this person signs in with, for example a first name or an email address.',
    emailAddress: 'Email address',
    nameMissing: 'Enter a login name.',
    nameUnfit: 'This login name can not be used. Choose another one.',
    emailInvalid: 'This does not look like an email address.',
    invite: 'Send invitation',
    added: (name: string) => `${name} was added. The invitation is on its way.`,
  },

  activity: {
    title: 'Activity',
    lead: 'What happened with your login, newest first.',
    today: 'Today',
    yesterday: 'Yesterday',
    older: 'Load older',
    all: 'That is everything.',
    none: 'Nothing has happened yet.',
    by: {
      account_owner: (name: string) => `by ${name}, the owner of your account`,
      provider_staff: (name: string) => `by ${name}, your service provider`,
      operator: (name: string) => `by ${name}, who runs this service`,
    },
    bySomebody: { account_owner: 'the owner of your account', provider_staff: 'staff', operator: 'staff' },
    reasonGiven: (reason: string) => `Reason given: ${reason}`,
    details: 'Step by step',
    /** Within a sentence. */
    methods,
    /** A story that is about nothing but the sending of a code. */
    codeSent: (facts: ActivityFacts) => named('A code was sent', facts),
    kinds: {
      login_refused: ({ reason }) =>
        ({
          wrong_password: 'A wrong password was entered',
          new_password_required: 'Stopped: a new password has to be chosen first',
          too_many_requests: 'Stopped: too many tries',
        })[reason ?? ''] ?? 'A sign-in was refused',
      code_required: (facts) => named('The password was right; a code was asked for', facts),
      code_queued: (facts) => named(`The ${message(facts)} with the code was made ready`, facts),
      code_accepted: (facts): string => (facts.channel === 'email' ? 'The mail service took the email' : 'The phone company took the text'),
      code_delivered: (facts) => `The ${message(facts)} was delivered`,
      code_failed: (facts) => `The ${message(facts)} could not be delivered`,
      code_unknown: (facts) => `Nobody knows whether the ${message(facts)} went out`,
      code_expired: (facts) => `The code expired before the ${message(facts)} could be sent`,
      code_refused: ({ reason, attemptsLeft }) =>
        ({
          wrong_code: `A wrong code was entered${attemptsLeft === undefined ? '' : `; ${attemptsLeft === 1 ? '1 try' : `${attemptsLeft} tries`} left`}`,
          code_expired: 'An expired code was entered',
          attempt_over: 'A code was entered after the sign-in had ended',
          locked: 'Too many wrong codes: locked for a while',
        })[reason ?? ''] ?? 'A code was refused',
      signed_in: ({ assurance, newDevice }) => `Signed in${assurance ? ` ${how[assurance]}` : ''}${newDevice ? ', on a new device' : ''}`,
      stepped_up: ({ assurance }) => `Confirmed in a session${assurance ? ` ${how[assurance]}` : ''}`,
      sessions_ended: ({ reason }) => ({ this: 'Signed out', one: 'A session was ended', others: 'All other sessions were ended' })[reason ?? ''] ?? 'Sessions were ended',
      device_trusted: (facts) => `${device(facts)} is trusted`,
      device_forgotten: (facts) => `${device(facts)} was forgotten`,
      device_secret_reused: (facts) => `An old key of ${device(facts)} was used, so it is not trusted any more`,
      method_added: (facts) => named('A method was added', facts),
      method_removed: (facts) => named('A method was removed', facts),
      two_factor_on: (facts) => named('Two-factor was turned on', facts),
      two_factor_off: () => 'Two-factor was turned off',
      two_factor_reset: () => 'Two-factor was reset',
      recovery_codes_made: () => 'New recovery codes were made',
      password_changed: ({ reason }) =>
        ({ changed: 'The password was changed', reset: 'A new password was chosen by an emailed link', chosen: 'The first password was chosen' })[reason ?? ''] ?? 'The password was changed',
      password_reset_asked: () => 'A link for a new password was asked for',
      not_me: () => '“This wasn’t me”: everybody was signed out, and a new password is needed',
      login_added: () => 'This login was added',
      login_invited: () => 'An invitation was emailed',
      login_removed: () => 'This login was removed',
    } satisfies Record<ActivityKind, (facts: ActivityFacts) => string>,
  },
};
