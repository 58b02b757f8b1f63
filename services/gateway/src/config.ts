import { commonSettings, setting } from '@latchkey/platform';
import { z } from 'zod';

export const gatewaySettings = z
  .object({
    ...commonSettings,
    LATCHKEY_HTTP_PORT: setting.port(8080, 'Website and API'),
    LATCHKEY_INTERNAL_PORT: setting.port(8180, 'Health and metrics'),
    LATCHKEY_PUBLIC_URL: setting.url(['http:', 'https:'], 'Address that browsers use').default('http://localhost:8080'),
    LATCHKEY_ALLOW_INSECURE_HTTP: z.stringbool().default(false).describe('Allows plain http on a name that is not localhost: sessions can be read on the way'),
    LATCHKEY_WEB_ROOT: z.string().optional().describe('Folder of the built website; next to the gateway by default'),
    LATCHKEY_TRUSTED_PROXIES: setting.list('', 'Addresses or networks whose `X-Forwarded-For` is believed'),
  })
  .superRefine((settings, context) => {
    const { protocol, hostname } = new URL(settings.LATCHKEY_PUBLIC_URL);
    const local = hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '127.0.0.1' || hostname === '[::1]';
    if (protocol === 'http:' && !local && !settings.LATCHKEY_ALLOW_INSECURE_HTTP) {
      context.addIssue({ code: 'custom', path: ['LATCHKEY_PUBLIC_URL'], message: 'must be https, or set LATCHKEY_ALLOW_INSECURE_HTTP=true' });
    }
  });
export type GatewaySettings = z.output<typeof gatewaySettings>;
