import { z } from 'zod';

/** All wrong settings of a process at once, each with the variable's name; values are never shown, they may be secret. */
export class WrongSettings extends Error {
  override name = 'WrongSettings';

  constructor(issues: readonly string[]) {
    super(`wrong settings:\n${issues.map((issue) => `  ${issue}`).join('\n')}`);
  }
}

/** Reads settings from the environment by a schema whose keys are the variables' names. Empty counts as not set. */
export function readConfig<T extends z.ZodType>(schema: T, environment: Record<string, string | undefined> = process.env): z.output<T> {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''));
  const result = schema.safeParse(present);
  if (result.success) return result.data;
  throw new WrongSettings(result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
}

const isUrl = (text: string, protocols: readonly string[]) => URL.canParse(text) && protocols.includes(new URL(text).protocol);
const port = z.coerce.number().int().min(1).max(65_535);
export const setting = {
  port: (fallback: number, description: string) => port.default(fallback).describe(description),
  url: (protocols: readonly string[], description: string) =>
    z
      .string()
      .refine((text) => isUrl(text, protocols), `must be a URL starting with ${protocols.join(' or ')}//`)
      .describe(description),
  urls: (protocols: readonly string[], description: string) =>
    z
      .string()
      .refine((text) => text.split(',').every((url) => isUrl(url.trim(), protocols)), `must be URLs starting with ${protocols.join(' or ')}//, with commas between them`)
      .describe(description),
  count: (fallback: number, description: string) => z.coerce.number().int().positive().default(fallback).describe(description),
  list: (fallback: string, description: string) =>
    z.string().default(fallback).transform((text) => text.split(',').map((part) => part.trim()).filter(Boolean)).describe(description),
};

export const limitsProfile = z.enum(['production', 'development']);
export type LimitsProfile = z.infer<typeof limitsProfile>;

/** Settings that every service has. */
export const commonSettings = {
  LATCHKEY_AMQP_URL: setting.urls(['amqp:', 'amqps:'], 'RabbitMQ with its vhost; of a cluster every node, with commas between them'),
  LATCHKEY_HOST: z.string().default('127.0.0.1').describe('Address to listen on'),
  LATCHKEY_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('info').describe('Least severe log line that is written'),
  LATCHKEY_SEALING_KEYS: z
    .string()
    .regex(/^[\w-]+:[A-Za-z0-9+/]{43}=(,[\w-]+:[A-Za-z0-9+/]{43}=)*$/, 'must be `id:base64 of 32 bytes`, the one to seal with first, older ones after commas')
    .describe('Keys that seal codes, secrets and destinations: `id:base64 of 32 bytes`, current first'),
  LATCHKEY_CRASH_POINTS: z.string().optional().describe('For fault tests only: a folder; a file in it named as a crash point kills the process there, once'),
  LATCHKEY_LIMITS: limitsProfile.default('production').describe('Send and attempt limits: `production`, or wide ones for `development`'),
};
export const databaseSetting = {
  LATCHKEY_DATABASE_URL: setting.url(['postgres:', 'postgresql:'], "PostgreSQL with the service's own role"),
};
export const redisSetting = { LATCHKEY_REDIS_URL: setting.url(['redis:', 'rediss:'], 'Redis') };
