/** What a message takes: words, a number (for plurals), or one of a few words that choose its wording. */
export type Argument = 'words' | 'number' | readonly string[];
type Arguments = Readonly<Record<string, Argument>>;
type ValueOf<A extends Argument> = A extends 'number' ? number : A extends readonly (infer Choice)[] ? Choice : string;

/** A message of every language file: it names each of these arguments and no other. */
export class Message<A extends Arguments = Arguments> {
  readonly takes: A;
  /** Goes out as a text message, so it has to fit one segment however short its arguments are. */
  readonly isText: boolean;

  constructor(takes: A, isText = false) {
    this.takes = takes;
    this.isText = isText;
  }
}

export interface Shape {
  readonly [key: string]: Message | readonly string[] | Shape;
}

/** A language file read by its shape: each message is a function of its arguments. */
export type Templates<S> = {
  readonly [Key in keyof S]: S[Key] extends Message<infer A> ? Format<A> : S[Key] extends readonly (infer Choice)[] ? Choice : Templates<S[Key]>;
};
type Format<A extends Arguments> = keyof A extends never ? () => string : (values: { readonly [Name in keyof A]: ValueOf<A[Name]> }) => string;
export type LanguageTemplates = Templates<typeof languageShape>;

const message = <const A extends Arguments>(takes: A) => new Message(takes);
const text = <const A extends Arguments>(takes: A) => new Message(takes, true);

const nothing = message({});
const brand = { brand: 'words' } as const;
const code = { ...brand, code: 'words' } as const;
const minutes = { minutes: 'number' } as const;
const device = { device: 'words' } as const;
const provider = { provider: 'words' } as const;
const left = { left: 'number' } as const;
// `other` is the authenticator app.
const method = { method: ['sms', 'email', 'totp'] } as const;
const policy = { policy: ['optional', 'suggested', 'required'] } as const;
const account = { account: 'words' } as const;
const until = { until: 'words' } as const;
const url = { url: 'words' } as const;

const aCode = { sms: text(code), smsWithoutBrand: text({ code: 'words' }), subject: message(code), heading: nothing, intro: message(brand), warning: nothing };
const aLink = { button: nothing, note: message(until) };

/** What every file of services/delivery/templates holds; the loader refuses anything missing and anything else. */
export const languageShape = {
  direction: ['ltr', 'rtl'] as const,
  codes: { login: aCode, step_up: aCode, confirm_method: aCode, reset_two_factor: aCode },
  everyCode: { preview: message({ code: 'words', ...minutes }), validFor: message(minutes) },
  notices: {
    new_device: { sms: text(device), subject: message({ ...brand, ...device }), heading: message(device), body: message(brand), ifYou: nothing },
    device_secret_reused: { sms: text(device), subject: message({ ...brand, ...device }), heading: message(device), body: message(brand), ifYou: nothing },
    method_added: { sms: text(method), subject: message({ ...brand, ...method }), heading: message(method), body: message(brand), ifYou: nothing },
    method_removed: { sms: text(method), subject: message({ ...brand, ...method }), heading: message(method), body: message(brand), ifYou: nothing },
    two_factor_on: { sms: text({}), subject: message(brand), heading: nothing, body: message(brand), ifYou: nothing },
    two_factor_off: { sms: text({}), subject: message(brand), heading: nothing, body: message(brand), ifYou: nothing },
    two_factor_reset: { sms: text({}), subject: message(brand), heading: nothing, body: message(brand), ifYou: nothing },
    password_changed: { sms: text({}), subject: message(brand), heading: nothing, body: message(brand), ifYou: nothing },
    provider_turned_two_factor_off: { sms: text({}), subject: message({ ...brand, ...provider }), heading: message(provider), body: message(brand), ifYou: nothing },
    codes_locked: { sms: text({}), subject: message(brand), heading: nothing, body: message({ ...brand, ...until }), ifYou: nothing },
    recovery_code_used: { sms: text(left), subject: message(brand), heading: nothing, body: message({ ...brand, ...left }), ifYou: nothing },
    recovery_codes_made: { sms: text({}), subject: message(brand), heading: nothing, body: message(brand), ifYou: nothing },
    policy_changed: { sms: text(policy), subject: message(brand), heading: nothing, body: message({ ...brand, ...policy }), ifYou: nothing },
    brand_changed: { sms: text({}), subject: message(brand), heading: nothing, body: message(brand), ifYou: nothing },
    signed_out_everywhere: { sms: text({}), subject: message(brand), heading: nothing, body: message(brand), ifYou: nothing },
    invitation: { ...aLink, subject: message({ ...brand, ...account }), heading: nothing, body: message({ ...brand, ...account }), note: message({ ...until, ...account }) },
    forgotten_password: { ...aLink, subject: message(brand), heading: nothing, body: message(brand) },
  },
  everyNotice: {
    ifNotYou: nothing,
    notMe: nothing,
    footer: message(brand),
    smsFrom: message({ ...brand, text: 'words' }),
    smsNotYouLink: message(url),
    smsNotYouAdvice: nothing,
  },
  facts: {
    loginName: nothing,
    method: message(method),
    device: nothing,
    ip: nothing,
    at: nothing,
    reason: nothing,
    by: nothing,
    contact: nothing,
  },
  email: { line: message({ label: 'words', value: 'words' }), copyLink: nothing },
} satisfies Shape;
