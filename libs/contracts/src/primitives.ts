import { z } from 'zod';

/** An id: a UUID, version 7 wherever we make it (RFC 9562 5.7). */
export const id = z.uuid().describe('UUID');
/** A moment: ISO-8601 in UTC, with `Z`. */
export const moment = z.iso.datetime().describe('ISO-8601 time in UTC');
/** SHA-256 of a 256-bit secret, base64url: the only form in which a secret crosses the broker or is stored. */
export const secretHash = z.string().regex(/^[\w-]{43}$/).describe('base64url SHA-256');
/** A compact JWE (RFC 7516): something the broker, the stores and the logs must not read. */
export const sealed = z.string().max(8192).regex(/^[\w-]+\.[\w-]*\.[\w-]+\.[\w-]+\.[\w-]+$/).describe('compact JWE');
export const ipAddress = z.union([z.ipv4(), z.ipv6()]);
export const locale = z.string().max(35);
/** A line of words that a person typed. */
export const printable = (max: number) =>
  z.string().trim().min(1).max(max).refine((text) => !/\p{Cc}/u.test(text), 'must not contain control characters');

export const methodKind = z.enum(['sms', 'email', 'totp', 'recovery_code']);
export type MethodKind = z.infer<typeof methodKind>;
/** The channels a message can be delivered by. */
export const channel = z.enum(['sms', 'email']);
export type Channel = z.infer<typeof channel>;

export const assurance = z.enum(['pwd', 'pwd+trusted_device', 'pwd+email', 'pwd+sms', 'pwd+totp', 'pwd+recovery_code']);
export type Assurance = z.infer<typeof assurance>;
export const role = z.enum(['customer', 'account_owner', 'provider_staff', 'operator']);
export type Role = z.infer<typeof role>;
export const clientKind = z.enum(['web', 'app']);

/** What happens to a message on its way; `queued` until a provider was asked. */
export const deliveryState = z.enum(['queued', 'accepted', 'delivered', 'failed', 'unknown', 'expired']);
export type DeliveryState = z.infer<typeof deliveryState>;
/** What the page proposes when a message did not get through. */
export const suggestion = z.enum(['wait', 'send_again', 'other_method', 'ask_service_provider']);

/** On whose behalf something was done. */
export const actorKind = z.enum(['self', 'account_owner', 'provider_staff', 'operator', 'system']);
export type ActorKind = z.infer<typeof actorKind>;
