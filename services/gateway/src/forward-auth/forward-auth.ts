import type { Provider } from '@nestjs/common';
import type { GatewaySettings } from '../config.ts';
import { ForwardAuthController, ReturnController } from './forward-auth-controller.ts';
import { ReturnAddresses } from './return-addresses.ts';
import { TrustedPeers } from './trusted-peers.ts';

export const forwardAuthControllers = [ForwardAuthController, ReturnController];

export const forwardAuthProviders = ({ LATCHKEY_PUBLIC_URL, LATCHKEY_RETURN_URLS, LATCHKEY_TRUSTED_PROXIES }: GatewaySettings): Provider[] => [
  { provide: ReturnAddresses, useValue: new ReturnAddresses(LATCHKEY_PUBLIC_URL, LATCHKEY_RETURN_URLS) },
  { provide: TrustedPeers, useValue: new TrustedPeers(LATCHKEY_TRUSTED_PROXIES) },
];
