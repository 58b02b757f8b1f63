import { type Channel, channel } from '@latchkey/contracts';
import { z } from 'zod';

/** Looks up what a setting only refers to; undefined when it is not there. */
export interface SecretSource {
  variable(name: string): string | undefined;
  file(path: string): string | undefined;
}

/** ISO 3166 code of a country. */
const country = z.string().regex(/^[A-Z]{2}$/, 'must be a country code of two capital letters, for example US');
// Shorter than the time after which a message that is being asked for counts as crashed.
const timeoutMs = z.int().min(100).max(9_000).optional();

/** What every kind of provider has. */
const common = {
  /** Messages that all workers together have it at work on at the same time. */
  inFlight: z.int().positive().optional(),
  /** Messages that all workers together ask it for in a second, evenly spaced. */
  perSecond: z.number().positive().max(100_000).optional(),
  /** Millionths of a currency unit for a segment or an email, by country; `*` for all others. */
  prices: z.record(z.union([country, z.literal('*')]), z.int().nonnegative()).default({}),
  timeoutMs,
};
/** Seconds after which a message without a receipt goes to the next provider. */
const withinSeconds = z.int().min(5).max(600).default(30);

/** The kinds of provider, each with its options. A secret is never written here, only where it is: `{"env": …}` or `{"file": …}`. */
function providerOptions(secrets: SecretSource) {
  const secret = z.strictObject({ env: z.string().min(1).optional(), file: z.string().min(1).optional() }, 'must be {"env": "VARIABLE"} or {"file": "/path"}').transform((reference, context) => {
    const text = (reference.env ? secrets.variable(reference.env) : reference.file ? secrets.file(reference.file) : undefined)?.trim();
    if (text) return text;
    context.addIssue({ code: 'custom', message: `${reference.env ?? reference.file ?? 'nothing'} holds no secret` });
    return z.NEVER;
  });
  const credentials = z.strictObject({ accessKeyId: z.string().min(1), secretAccessKey: secret, sessionToken: secret.optional() }).optional();
  return z.discriminatedUnion('kind', [
    z.strictObject({ ...common, kind: z.literal('sns'), region: z.string().optional(), endpoint: z.url().optional(), senderId: z.string().regex(/^[A-Za-z0-9]{1,11}$/).optional(), credentials }),
    z.strictObject({
      ...common,
      kind: z.literal('ses'),
      region: z.string().optional(),
      endpoint: z.url().optional(),
      from: z.string().optional(),
      configurationSet: z.string().optional(),
      credentials,
      receipts: z.strictObject({ withinSeconds, topicArns: z.array(z.string().startsWith('arn:')).min(1), endpoint: z.url().optional() }).optional(),
    }),
    z.strictObject({
      ...common,
      kind: z.literal('smtp'),
      host: z.string().min(1),
      port: z.int().min(1).max(65_535).optional(),
      security: z.enum(['tls', 'starttls', 'none']).optional(),
      user: z.string().optional(),
      password: secret.optional(),
      from: z.string().optional(),
      ca: secret.optional(),
      maxConnections: z.int().positive().max(100).optional(),
    }),
    z.strictObject({
      ...common,
      kind: z.literal('twilio'),
      accountSid: z.string().min(1),
      username: z.string().optional(),
      password: secret,
      from: z.string().min(1),
      endpoint: z.url().optional(),
      receipts: z.strictObject({ withinSeconds, statusCallback: z.url(), authTokens: z.array(secret).min(1) }).optional(),
    }),
    z.strictObject({
      ...common,
      kind: z.literal('webhook'),
      url: z.url(),
      secret,
      channels: z.array(channel).min(1).optional(),
      receipts: z.strictObject({ withinSeconds, secrets: z.array(secret).min(1) }).optional(),
    }),
  ]);
}

const step = z.strictObject({
  provider: z.string(),
  /** Its share of the messages that are first asked of it, beside the weights of the others. */
  weight: z.number().nonnegative().default(0),
  /** Where it is asked for texts; without them everywhere. */
  countries: z.array(country).min(1).optional(),
});
const route = z.array(step).min(1);

const channelsOf: Record<string, readonly Channel[]> = { sns: ['sms'], twilio: ['sms'], ses: ['email'], smtp: ['email'], webhook: ['sms', 'email'] };

function routesShape(secrets: SecretSource) {
  return z
    .strictObject({
      providers: z.record(z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'a name is up to 40 small letters, digits and hyphens'), providerOptions(secrets)),
      routes: z.strictObject({ sms: route.optional(), email: route.optional() }),
    })
    .superRefine(({ providers, routes }, context) => {
      for (const [name, steps] of Object.entries(routes)) {
        (steps ?? []).forEach(({ provider, countries }, index) => {
          const complain = (message: string) => context.addIssue({ code: 'custom', path: ['routes', name, index], message });
          const options = providers[provider];
          if (!options) return complain(`there is no provider ${provider}`);
          const channels = ('channels' in options ? options.channels : undefined) ?? channelsOf[options.kind] ?? [];
          if (!channels.includes(name as Channel)) complain(`${provider} does not deliver ${name}`);
          if (name === 'email' && countries) complain('an email address has no country');
          if (steps?.findIndex((other) => other.provider === provider) !== index) complain(`${provider} is in this route twice`);
        });
      }
    });
}
export type Routes = z.output<ReturnType<typeof routesShape>>;
export type ProviderOptions = Routes['providers'][string];
export type RouteStep = z.output<typeof step>;

/** Providers and routes as one JSON text. */
export const routesSetting = (secrets: SecretSource) =>
  z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: 'custom', message: 'is not JSON' });
        return z.NEVER;
      }
    })
    .pipe(routesShape(secrets));

/** Amazon SNS for texts and Amazon SES for emails, with the credentials that the process has. */
export const defaultRoutes: Routes = {
  providers: { sns: { kind: 'sns', prices: {} }, ses: { kind: 'ses', prices: {} } },
  routes: { sms: [{ provider: 'sns', weight: 0 }], email: [{ provider: 'ses', weight: 0 }] },
};
