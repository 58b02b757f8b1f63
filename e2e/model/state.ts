/** What a run knows of the system: nothing but what its people did and were told. Plain data and the rules of the product. */

export type Role = 'customer' | 'account_owner' | 'provider_staff';
export type Policy = 'optional' | 'suggested' | 'required';
export type SentKind = 'sms' | 'email';
export type MethodKind = SentKind | 'totp';

export type Provider = { id: string; name: string; policy: Policy };

/** The tries of one code: a login's, a reset's, or a set-up's. */
export type Tries = { wrong: number; used: boolean };

export type Method = { id: string; kind: MethodKind; destination: string | undefined; secret: string | undefined; lastStep: number; default: boolean };
/** A method whose code was not confirmed yet. */
export type WaitingMethod = Method & { code: string | undefined; tries: Tries };

/** One set; its id is known once a login offered it. */
export type RecoveryCodes = { setId: string | undefined; fresh: string[]; used: string[] };

/** A login's record of a browser. Trust counts in the epoch it was given in. */
export type Device = { id: string; trustedIn: number | undefined };

/** A browser or app installation, by what the system calls it, with the device secrets that it still takes. */
export type Browser = { id: string; secrets: Map<string, { supersededAt: number | undefined }> };

export type Login = {
  id: string;
  name: string;
  role: Role;
  provider: Provider;
  accountId: string | undefined;
  email: string | undefined;
  password: string | undefined;
  gone: boolean;
  newPasswordRequired: boolean;
  methods: Method[];
  waiting: WaitingMethod[];
  recovery: RecoveryCodes | undefined;
  /** Raised by whatever withdraws all trust, and by whatever ends logins under way. */
  trustEpoch: number;
  sessionEpoch: number;
  devices: Map<string, Device>;
  /** Links by email that choose a password, newest last; only the newest counts, once. */
  links: { token: string; page: 'new-password' | 'invitation'; good: boolean }[];
  usedNotMe: Set<string>;
  /** What its timeline has to show: kinds, with what tells them apart. */
  timeline: string[];
  /** What it may show besides: lines of tries whose login was over already. */
  maybe: string[];
};

export type Session = {
  id: string;
  login: Login;
  secret: string;
  client: 'web' | 'app';
  assurance: string;
  browserId: string;
  alive: boolean;
};

export type Attempt = {
  secret: string;
  login: Login;
  client: 'web' | 'app';
  /** The session that a step-up is for. */
  stepUpOf: Session | undefined;
  methods: Method[];
  recovery: RecoveryCodes | undefined;
  sessionEpoch: number;
  tries: Tries;
  sends: number;
  /** `resendAt`: ms since the epoch, by the clock of the system, which is that of this machine. */
  codes: Map<string, { code: string; resendAt: number }>;
  reset: { code: string | undefined; resendAt: number; tries: Tries; sends: number };
  over: boolean;
};

/** Whoever holds a browser or an app, the rightful person or a thief. */
export type Agent = { name: string; client: 'web' | 'app'; token: string | undefined };

export const browserIdOf = (token: string): string => token.slice(0, token.indexOf('.'));

export const twoFactorOn = ({ methods }: Login): boolean => methods.length > 0;
export const trusts = (login: Login, device: Device | undefined): boolean => device !== undefined && device.trustedIn === login.trustEpoch;
export const passedTwoFactor = ({ assurance }: Session): boolean => assurance !== 'pwd' && assurance !== 'pwd+trusted_device';
/** Staff reaches other people's logins: a recognized device is never enough for it. */
export const mayTrust = ({ role }: Login): boolean => role !== 'provider_staff';
/** The policy is what a provider asks of its customers. */
export const setupRequired = ({ login }: Session): boolean => login.role !== 'provider_staff' && login.provider.policy === 'required' && !twoFactorOn(login);

/** Begun before something that ends logins under way, or for a session that is over. */
export const isStale = ({ login, sessionEpoch, stepUpOf }: Attempt): boolean => login.gone || stepUpOf?.alive === false || sessionEpoch !== login.sessionEpoch;

/** The default method, else the oldest. */
export const ensureDefault = (login: Login): void => {
  const [oldest] = login.methods;
  if (oldest && !login.methods.some((method) => method.default)) oldest.default = true;
};
