import { isIP } from 'node:net';
import { commonSettings, setting } from '@latchkey/platform';
import { z } from 'zod';

// What the proxy matching of Fastify understands; anything else would stop the start with a stack.
const proxyPattern = /^(loopback|linklocal|uniquelocal|[\d.]+(\/\d{1,2})?|[\da-f:.]*:[\da-f:.]*(\/\d{1,3})?)$/i;

/** A name that never leaves the machine, where plain http is nobody's to read. */
export const isLocalName = (hostname: string): boolean =>
  hostname === 'localhost' || hostname.endsWith('.localhost') || /^127(\.\d+){3}$/.test(hostname) || hostname === '[::1]';

export const gatewaySettings = z
  .object({
    ...commonSettings,
    LATCHKEY_HTTP_PORT: setting.port(8080, 'Website and API'),
    LATCHKEY_INTERNAL_PORT: setting.port(8180, 'Health and metrics'),
    LATCHKEY_PUBLIC_URL: setting.url(['http:', 'https:'], 'Address that browsers use').default('http://localhost:8080'),
    LATCHKEY_ALLOW_INSECURE_HTTP: z.stringbool().default(false).describe('Allows plain http on a name that is not localhost: sessions can be read on the way'),
    LATCHKEY_LOGIN_TARGET_MS: setting.count(600, 'Milliseconds that a login should take at most: the gateway lets in as many at once as keep to it, and answers more with 503'),
    LATCHKEY_LEAVE_SECONDS: z.coerce.number().int().min(0).max(60).default(0).describe('Seconds that a gateway told to stop still takes requests, while it says that it is not ready and proxies look elsewhere'),
    LATCHKEY_WEB_ROOT: z.string().optional().describe('Folder of the built website; next to the gateway by default'),
    LATCHKEY_TRUSTED_PROXIES: setting.list('', 'Addresses or networks whose `X-Forwarded-For` is believed'),
    LATCHKEY_RETURN_URLS: setting.list('', 'Origins (`https://app.example.com`) beside the public one to which people are led back after signing in'),
  })
  .superRefine((settings, context) => {
    const isReadable = ({ protocol, hostname }: URL) => protocol === 'http:' && !isLocalName(hostname) && !settings.LATCHKEY_ALLOW_INSECURE_HTTP;
    if (isReadable(new URL(settings.LATCHKEY_PUBLIC_URL))) {
      context.addIssue({ code: 'custom', path: ['LATCHKEY_PUBLIC_URL'], message: 'must be https, or set LATCHKEY_ALLOW_INSECURE_HTTP=true' });
    }
    for (const proxy of settings.LATCHKEY_TRUSTED_PROXIES) {
      const [address = ''] = proxy.split('/');
      if (proxyPattern.test(proxy) && (isIP(address) !== 0 || /^[a-z]+$/i.test(address))) continue;
      context.addIssue({ code: 'custom', path: ['LATCHKEY_TRUSTED_PROXIES'], message: `${proxy} is neither an address nor a network` });
    }
    for (const text of settings.LATCHKEY_RETURN_URLS) {
      const url = URL.parse(text);
      const isOrigin = url !== null && !url.hostname.includes('*') && /^https?:$/.test(url.protocol) && url.origin === text.replace(/\/$/, '').toLowerCase();
      if (isOrigin && !isReadable(url)) continue;
      const message = isOrigin ? `${text} must be https, or set LATCHKEY_ALLOW_INSECURE_HTTP=true` : `${text} is not an origin: scheme, host, and port where it is not the usual one`;
      context.addIssue({ code: 'custom', path: ['LATCHKEY_RETURN_URLS'], message });
    }
  });
export type GatewaySettings = z.output<typeof gatewaySettings>;
