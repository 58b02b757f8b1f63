import type { z } from 'zod';
import { authEvents } from './auth-events.ts';
import { authRequests } from './auth.ts';
import { codeIssuanceEvents, codeIssuanceRequests } from './code-issuance.ts';
import { deliveryEvents, deliveryRequests } from './delivery.ts';
import { deviceTrustEvents, deviceTrustRequests } from './device-trust.ts';
import { deliveryOpsRequests, opsRequests } from './ops.ts';

/** Every request there is: name → who answers it and what goes in and out. */
export const requestRegistry = { ...authRequests, ...codeIssuanceRequests, ...deviceTrustRequests, ...deliveryRequests, ...opsRequests, ...deliveryOpsRequests };
/** Every event there is: name → who publishes it and what it carries. */
export const eventRegistry = { ...authEvents, ...codeIssuanceEvents, ...deviceTrustEvents, ...deliveryEvents };

export type RequestName = keyof typeof requestRegistry;
export type RequestPayload<N extends RequestName> = z.output<(typeof requestRegistry)[N]['payload']>;
export type RequestReply<N extends RequestName> = z.output<(typeof requestRegistry)[N]['reply']>;

export type EventName = keyof typeof eventRegistry;
export type EventPayload<N extends EventName> = z.output<(typeof eventRegistry)[N]['payload']>;
