import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** All wrong settings of a process at once, each with the variable's name; values are never shown, they may be secret. */
export class WrongSettings extends Error {
  override name = 'WrongSettings';

  constructor(issues: readonly string[]) {
    super(`wrong settings:\n${issues.map((issue) => `  ${issue}`).join('\n')}`);
  }
}

type Environment = Record<string, string | undefined>;

/**
 * Reads settings from the environment by a schema whose keys are the variables' names. Empty counts as not set. What is
 * secret can come from a file: NAME_FILE names a file that holds the value of NAME.
 */
export function readConfig<T extends z.ZodObject>(schema: T, environment: Environment = process.env): z.output<T> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''));
  const { values, issues } = readFiles(schema, given);
  const result = schema.safeParse({ ...given, ...values });
  if (result.success && issues.length === 0) return result.data;
  // A variable whose file says nothing is told once, by its file.
  const wrong = (result.error?.issues ?? []).filter(({ path }) => !issues.some((issue) => issue.startsWith(`${String(path[0])}_FILE:`)));
  throw new WrongSettings([...issues, ...wrong.map((issue) => `${issue.path.join('.')}: ${issue.message}`)]);
}

/** The values that lie in files, without the line end that editors and `echo` leave. */
function readFiles(schema: z.ZodObject, given: Environment): { values: Record<string, string>; issues: string[] } {
  const values: Record<string, string> = {};
  const issues: string[] = [];
  for (const name of Object.keys(schema.shape)) {
    const file = given[`${name}_FILE`];
    if (file === undefined) continue;
    if (given[name] !== undefined) issues.push(`${name}_FILE: is set beside ${name}; one of them must go`);
    try {
      const text = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
      if (text === '') issues.push(`${name}_FILE: the file is empty`);
      else values[name] = text;
    } catch (error) {
      issues.push(`${name}_FILE: can't be read (${(error as NodeJS.ErrnoException).code})`);
    }
  }
  return { values, issues };
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

const samplers = ['always_on', 'always_off', 'traceidratio', 'parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'] as const;
/** OpenTelemetry's own variables, with the meaning that they have everywhere. */
const tracingSettings = {
  OTEL_EXPORTER_OTLP_ENDPOINT: setting.url(['http:', 'https:'], 'OpenTelemetry collector that traces go to, by OTLP over HTTP; without it nothing is traced').optional(),
  OTEL_TRACES_SAMPLER: z.enum(samplers).default('parentbased_always_on').describe('Which traces are kept, by the values of OpenTelemetry; `parentbased_traceidratio` for a part of them'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1).describe('The part of the traces that is kept, from 0 to 1, where the sampler asks for one'),
  LATCHKEY_TRACE_FILE: z.string().optional().describe('A file that traces are added to, as lines of OTLP in JSON; for looking at them without a collector'),
};
export type TracingSettings = z.output<z.ZodObject<typeof tracingSettings>>;

/** Settings that every service has. */
export const commonSettings = {
  ...tracingSettings,
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
export const redisSetting = {
  LATCHKEY_REDIS_URL: setting
    .urls(['redis:', 'rediss:', 'redis+cluster:', 'rediss+cluster:'], 'Redis; of a Redis Cluster several nodes, with commas between them, or one name for all of them as `redis+cluster://`')
    .refine(isOfOneCluster, 'must name nodes of one Redis Cluster: the same protocol and credentials, and no other database than 0'),
};

/** Nothing is said against a single server, nor against what is no URL: that was said before. */
function isOfOneCluster(text: string): boolean {
  const urls = text.split(',').filter((url) => URL.canParse(url)).map((url) => new URL(url));
  if (urls.length < 2 && !text.includes('+cluster:')) return true;
  const [first] = urls;
  return urls.every((url) => url.protocol === first?.protocol && url.username === first.username && url.password === first.password && /^\/?0?$/.test(url.pathname));
}
