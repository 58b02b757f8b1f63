/** What happened, to which login. */
interface AboutLogin {
  loginName: string;
  at: Date | string;
}

/** Something that only the person should have done: whoever did it may have been somebody else. */
interface Deed extends AboutLogin {
  device?: string | undefined;
  ip?: string | undefined;
  /** Where the person says "this wasn't me"; following it changes nothing by itself. */
  notMeUrl: string;
}

interface MethodChange extends Deed {
  method: 'sms' | 'email' | 'totp';
  /** The number or address, masked. */
  hint?: string | undefined;
}

/** A link that was asked for, and the moment until which it works. */
interface Link {
  loginName: string;
  url: string;
  until: Date | string;
}

/** Every notice with what it tells. Names of devices and accounts may be anybody's words: only plain ones are shown. */
export interface NoticeArguments {
  new_device: Deed & { device: string };
  method_added: MethodChange;
  method_removed: MethodChange;
  two_factor_off: Deed;
  two_factor_reset: Deed;
  password_changed: Deed;
  provider_turned_two_factor_off: AboutLogin & { provider: string; reason: string; notMeUrl: string };
  codes_locked: Deed & { until: Date | string };
  recovery_code_used: Deed & { left: number };
  invitation: Link & { account: string };
  forgotten_password: Link & { ip?: string | undefined };
}
export type NoticeKind = keyof NoticeArguments;
/** The other two are links to choose a password, which go by email only. */
export type TextNoticeKind = Exclude<NoticeKind, 'invitation' | 'forgotten_password'>;
