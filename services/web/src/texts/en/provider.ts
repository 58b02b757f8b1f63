import type { Activity, ActivityKind, ActorKind, Assurance, MethodKind, Role, TwoFactorPolicy } from '@latchkey/contracts';

const sentTo = ({ channel, method }: Activity) => [channel === 'email' ? 'Email' : 'Text', method?.hint && `to ${method.hint}`].filter(Boolean).join(' ');
const message = ({ channel }: Activity) => (channel === 'email' ? 'email' : 'text');
const tries = (left: number | undefined) => (left === undefined ? '' : left === 0 ? ', no tries left: this sign-in is over' : left === 1 ? ', 1 try left' : `, ${left} tries left`);
const by: Record<MethodKind, string> = { sms: 'by text', email: 'by email', totp: 'from the authenticator app', recovery_code: 'from the recovery codes' };

const refusals: Record<string, string> = {
  wrong_password: 'Wrong password',
  too_many_requests: 'Too many tries: refused without a look at the password',
  new_password_required: 'Right password, but a new one has to be chosen first, by the link in the email',
};
const codeRefusals: Record<string, string> = {
  wrong_code: 'Wrong code',
  code_expired: 'The code had expired',
  attempt_over: 'Too many wrong codes or too late: this sign-in is over',
  locked: 'Too many wrong codes: this method is locked for a while',
};
const passwordChanges: Record<string, string> = { changed: 'Password changed', reset: 'Password reset by the link in the email', chosen: 'Password chosen, invitation accepted' };
const ended: Record<string, string> = { this: 'Signed out', one: 'Signed out one device', others: 'Signed out all other devices' };

const assurance: Record<Assurance, string> = {
  pwd: 'by password alone',
  'pwd+trusted_device': 'by password on a trusted device',
  'pwd+email': 'by password and a code by email',
  'pwd+sms': 'by password and a code by text',
  'pwd+totp': 'by password and authenticator app',
  'pwd+recovery_code': 'by password and a recovery code',
};

/** What each line of a timeline says. */
const happened: Record<ActivityKind, (activity: Activity) => string> = {
  login_refused: ({ reason = '' }) => refusals[reason] ?? 'Sign-in refused',
  code_required: ({ method }) => (method ? `A code was asked for, ${by[method.kind]}` : 'A code was asked for'),
  code_queued: (activity) => `${sentTo(activity)} on its way`,
  code_accepted: ({ channel }) => (channel === 'email' ? 'The mail service took the email' : 'The phone company took the text'),
  code_delivered: (activity) => `The ${message(activity)} was delivered`,
  code_failed: (activity) => `The ${message(activity)} could not be delivered`,
  code_unknown: (activity) => `Whether the ${message(activity)} went out is not known`,
  code_expired: (activity) => `The code expired before the ${message(activity)} went out`,
  code_refused: ({ reason = '', attemptsLeft }) => `${codeRefusals[reason] ?? 'Code refused'}${tries(attemptsLeft)}`,
  signed_in: (activity) => ['Signed in', activity.assurance && assurance[activity.assurance], activity.newDevice && '(new device)'].filter(Boolean).join(' '),
  stepped_up: ({ assurance: by }) => ['Confirmed with a code in a session', by && assurance[by]].filter(Boolean).join(', '),
  sessions_ended: ({ reason = '' }) => ended[reason] ?? 'Signed out',
  device_trusted: () => 'Device trusted',
  device_forgotten: () => 'Device forgotten: no longer trusted',
  device_secret_reused: () => 'A copy of this device’s secret was used: trust withdrawn',
  method_added: ({ method }) => `Method added${named(method)}`,
  method_removed: ({ method }) => `Method removed${named(method)}`,
  two_factor_on: ({ method }) => `Two-factor turned on${named(method)}`,
  two_factor_off: () => 'Two-factor turned off',
  two_factor_reset: () => 'Two-factor reset',
  recovery_codes_made: () => 'New recovery codes made',
  password_changed: ({ reason = '' }) => passwordChanges[reason] ?? 'Password changed',
  password_reset_asked: () => 'Link to reset the password asked for',
  not_me: () => '“This wasn’t me” pressed: signed out everywhere, new password needed',
  login_added: () => 'Login added, invitation emailed',
  login_invited: () => 'Invitation emailed',
  login_removed: () => 'Login removed',
};
const methodWords: Record<MethodKind, string> = { sms: 'text message', email: 'email', totp: 'authenticator app', recovery_code: 'recovery codes' };
const named = (method: Activity['method']) => (method ? `: ${methodWords[method.kind]}${method.kind === 'sms' || method.kind === 'email' ? ` ${method.hint}` : ''}` : '');

const roles: Record<Role, string> = { customer: 'Member', account_owner: 'Owner', provider_staff: 'Staff', operator: 'Operator' };
const actors: Record<Exclude<ActorKind, 'self'>, string> = {
  account_owner: 'the account’s owner',
  provider_staff: 'your company',
  operator: 'the operator',
  system: 'Latchkey',
};
const policies: Record<TwoFactorPolicy, { name: string; meaning: string }> = {
  optional: { name: 'Optional', meaning: 'Customers turn it on if they like. Nobody is asked to.' },
  suggested: { name: 'Suggested', meaning: 'Customers without it see “Your service provider suggests two-factor”. They can go on without.' },
  required: { name: 'Required', meaning: 'Customers without it can do nothing but set it up, as soon as you save. Nobody can turn it off alone.' },
};

/** The texts of the service provider's console. */
export const providerTexts = {
  roles,

  customers: {
    title: 'Customers',
    search: 'Find a customer',
    hint: 'Any part of the login name or the account’s name.',
    keys: 'Enter opens a single hit, the arrow keys walk through several.',
    found: (count: number, more: boolean) => (more ? `The first ${count} logins` : count === 1 ? '1 login' : `${count} logins`),
    none: (query: string) => `No customer of yours has “${query}” in the login name or the account’s name.`,
    noneHint: 'Check the spelling, or try a shorter part of it.',
    empty: 'You have no customers yet.',
    addFirst: 'Add an account',
    more: 'Show more',
    invited: 'Invitation not accepted yet',
    twoFactorOn: 'Two-factor on',
    twoFactorOff: 'Two-factor off',
    lastLogin: (when: string) => `last login ${when}`,
    neverLoggedIn: 'never logged in',
  },

  customer: {
    back: 'Customers',
    loading: 'Customer',
    account: 'Account',
    role: 'Role',
    email: 'Email',
    noEmail: 'None',
    lastLogin: 'Last login',
    never: 'Never',
    since: 'Customer since',
    invited: 'Has not accepted the invitation yet, so there is no password to log in with.',
    sendAgain: 'Send again',
    sentAgain: 'A new invitation is on its way. The earlier link works no more.',
    twoFactor: 'Two-factor',
    on: 'On',
    off: 'Off',
    onText: 'A code is asked at sign-in, except on a trusted device.',
    offText: 'The password alone lets this customer in.',
    offRequired: 'You require two-factor: at the next sign-in it has to be set up first.',
    asDefault: 'Default',
    turnOff: 'Turn off two-factor',
    gone: 'This customer is not there',
    goneText: 'The login was removed, or it is not one of your customers.',
  },

  turnOff: {
    title: (name: string) => `Turn off two-factor for ${name}?`,
    sure: 'First make sure that you are talking to this customer: from then on the password alone is enough.',
    consequences: ['All methods and trusted devices are forgotten.', 'Every session ends: the customer is signed out everywhere.', 'The customer is told at once, with your company’s name and your reason.'],
    thenSetUp: 'You require two-factor, so the customer sets it up again at the next sign-in.',
    reason: 'Reason',
    reasonHint: 'The customer reads this, and it stays in the timeline.',
    reasonMissing: 'Write a reason: the customer will read it.',
    already: 'It was off already.',
    resultTitle: 'Two-factor is off now',
    result: (name: string) => `${name} can sign in with the password alone and has been told why. Every session has ended.`,
    next: 'Tell the customer to sign in again and to set up a new method under “Security”.',
  },

  timeline: {
    title: 'What happened',
    empty: 'Nothing has happened with this login yet.',
    refresh: 'Refresh',
    refreshed: 'The timeline is up to date.',
    older: 'Load older',
    noOlder: 'This is where the timeline begins.',
    loadedOlder: (count: number) => (count === 1 ? '1 older entry' : `${count} older entries`),
    happened,
    outcomes: { signed_in: 'Signed in', stepped_up: 'Confirmed with a code', refused: 'Not signed in', asked: 'Code asked for', sent: 'Code sent' },
    by: (who: string) => `by ${who}`,
    actors,
    reason: (text: string) => `“${text}”`,
    via: (service: string) => `via ${service}`,
    today: 'Today',
    yesterday: 'Yesterday',
  },

  accounts: {
    title: 'Accounts',
    add: 'Add an account',
    empty: 'You have no accounts yet. Add one for each household or business that you serve.',
    list: 'Accounts, newest first',
    since: (date: string) => `since ${date}`,
    noLogins: 'No logins',
    more: 'Show more',
  },

  addAccount: {
    title: 'Add an account',
    lead: 'The owner gets an email with a link to choose a password. You never see or set it.',
    name: 'Name of the account',
    nameHint: 'How you call it: a household, a business.',
    nameMissing: 'Enter a name for the account.',
    owner: 'Its owner',
    loginName: 'Login name',
    loginNameMissing: 'Enter a login name for the owner.',
    loginNameHint: 'What the owner signs in with.',
    taken: 'This login name is taken, or looks like one that is. Choose another one.',
    emailAddress: 'Email address',
    emailHint: 'The invitation goes there.',
    emailInvalid: 'This does not look like an email address.',
    emailRefused: 'We cannot send email to this address. Check it.',
    submit: 'Add and invite',
    addedTitle: (name: string) => `${name} is added`,
    invited: (loginName: string, email: string) => `The invitation to choose a password for “${loginName}” is on its way to ${email}.`,
    another: 'Add another',
    openOwner: 'See the owner’s login',
    toList: 'All accounts',
  },

  policy: {
    title: 'Policy',
    twoFactor: 'Two-factor for your customers',
    policies,
    now: 'now',
    contact: 'Contact for locked-out customers',
    contactText: 'Shown to a customer who cannot get in without your help.',
    name: 'Name',
    nameHint: 'Left empty, the name of your company is shown.',
    phone: 'Phone number',
    email: 'Email address',
    emailInvalid: 'This does not look like an email address.',
    unreachable: 'Without a phone number or an email address a locked-out customer cannot reach you.',
    save: 'Save',
    saved: 'Saved.',
    requireTitle: 'Require two-factor from everybody?',
    requireText: 'It counts at once: customers without two-factor, signed in or not, can do nothing else before they have set it up.',
    require: 'Require it',
  },

  brand: {
    title: 'Brand',
    lead: 'Your customers see it once their name and password were right, and in every message.',
    look: 'Name, colour and logo',
    name: 'Name',
    nameHint: 'As your customers know you; 30 characters at most.',
    nameInvalid: 'Enter a name of 30 characters or fewer.',
    color: 'Colour',
    colorHint: 'Such as #17745f. Where text could not be read in it, it is shown darker or lighter.',
    colorInvalid: 'Write the colour as # and six digits or letters from a to f.',
    pickColor: 'Pick the colour',
    logo: 'Logo',
    logoHint: 'A PNG, JPEG or WebP picture of 40 kB at most.',
    logoInvalid: 'This is no PNG, JPEG or WebP picture of 40 kB or less.',
    chooseLogo: 'Choose a picture',
    removeLogo: 'Remove the logo',
    logoUrl: 'Address of the logo for emails',
    logoUrlHint: 'An https address. Left empty, emails show the name.',
    logoUrlInvalid: 'This does not look like an https address.',
    preview: 'Preview',
    previewPages: 'Above the pages',
    previewCard: 'At sign-in',
    previewEmail: 'In an email',
    save: 'Save',
    saved: 'Saved.',
  },
};
