import { readFileSync } from 'node:fs';
import { channel } from '@latchkey/contracts';
import { commonSettings, databaseSetting, redisSetting, setting } from '@latchkey/platform';
import { z } from 'zod';
import { defaultRoutes, routesSetting } from './routing/routes-setting.ts';

const secrets = {
  variable: (name: string) => process.env[name],
  file: (path: string) => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return undefined;
    }
  },
};

export const deliverySettings = z
  .object({
    ...commonSettings,
    ...databaseSetting,
    LATCHKEY_REDIS_URL: redisSetting.LATCHKEY_REDIS_URL.optional().describe('Redis; delivery needs it only where a provider has a cap, which all workers keep together there'),
    LATCHKEY_INTERNAL_PORT: setting.port(8184, 'Health and metrics'),
    DELIVERY_CHANNELS: setting.list('sms,email', 'Channels this worker delivers: `sms`, `email` or both').pipe(z.array(channel).min(1)),
    LATCHKEY_DELIVERY_PREFETCH: setting.count(50, 'Messages a worker asks providers for at the same time'),
    LATCHKEY_DELIVERY_ROUTES: routesSetting(secrets).optional().describe('Providers, and for each channel the order in which they are asked, as JSON; without it Amazon SNS and SES'),
    LATCHKEY_LEDGER_DAYS: setting.count(90, 'Days for which the ledger of deliveries is kept'),
    LATCHKEY_EMAIL_FROM: z.string().default('no-reply@latchkey.example').describe('Sender of emails; a verified identity of Amazon SES'),
    LATCHKEY_SMS_SENDER_ID: z.string().regex(/^[A-Za-z0-9]{1,11}$/).optional().describe('Sender id of texts, where the country allows one'),
    AWS_REGION: z.string().default('us-east-1').describe('Region of Amazon SNS and SES; credentials come the usual ways of the AWS SDK'),
    AWS_ENDPOINT_URL_SNS: z.url().optional().describe('Another address that speaks the SNS protocol, as the development inbox does'),
    AWS_ENDPOINT_URL_SES: z.url().optional().describe('Another address that speaks the SES protocol'),
  })
  .superRefine((settings, context) => {
    const { providers, routes } = settings.LATCHKEY_DELIVERY_ROUTES ?? defaultRoutes;
    for (const name of settings.DELIVERY_CHANNELS) {
      if (!routes[name]) context.addIssue({ code: 'custom', path: ['LATCHKEY_DELIVERY_ROUTES', 'routes', name], message: 'is missing, and DELIVERY_CHANNELS has it' });
    }
    const capped = Object.entries(providers).filter(([, { inFlight, perSecond }]) => inFlight !== undefined || perSecond !== undefined);
    if (capped.length > 0 && !settings.LATCHKEY_REDIS_URL) {
      context.addIssue({ code: 'custom', path: ['LATCHKEY_REDIS_URL'], message: `is needed for the caps of ${capped.map(([name]) => name).join(', ')}: all workers keep them together` });
    }
  });
export type DeliverySettings = z.output<typeof deliverySettings>;
