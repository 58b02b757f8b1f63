import { authSettings } from '@latchkey/auth/settings';
import { codeIssuanceSettings } from '@latchkey/code-issuance/settings';
import { deliverySettings } from '@latchkey/delivery/settings';
import { deviceTrustSettings } from '@latchkey/device-trust/settings';
import { gatewaySettings } from '@latchkey/gateway/settings';
import { readConfig, WrongSettings } from '@latchkey/platform';
import type { z } from 'zod';

/** What each program lets its environment decide. */
export const programs: Record<string, z.ZodObject> = {
  gateway: gatewaySettings,
  auth: authSettings,
  'code-issuance': codeIssuanceSettings,
  delivery: deliverySettings,
  'device-trust': deviceTrustSettings,
};

/** Read by the AWS SDK, not by us. */
const othersSettings: Record<string, string[]> = { delivery: ['AWS_SHARED_CREDENTIALS_FILE', 'AWS_REGION'] };

/** Everything wrong with a program's environment: what it does not know, what it lacks, what it would refuse. */
export function environmentProblems(program: string, environment: Record<string, string>): string[] {
  const schema = programs[program];
  if (!schema) return [`${program} is no program of ours`];
  const known = [...Object.keys(schema.shape), ...Object.keys(schema.shape).map((name) => `${name}_FILE`), ...(othersSettings[program] ?? [])];
  const unknown = Object.keys(environment).filter((name) => !known.includes(name)).map((name) => `${name} is no setting of ${program}`);
  try {
    readConfig(schema, environment);
    return unknown;
  } catch (error) {
    if (error instanceof WrongSettings) return [...unknown, error.message];
    throw error;
  }
}

/** A setting's value when nothing says otherwise. */
export function defaultOf(program: string, setting: string): unknown {
  const schema = programs[program]?.shape[setting] as z.ZodType | undefined;
  return schema?.safeParse(undefined).data;
}

export const isSecret = (name: string): boolean => /(_KEYS?|_PASSWORD|_SECRET|_TOKEN)$|_(AMQP|REDIS|DATABASE)_URL$/.test(name);
