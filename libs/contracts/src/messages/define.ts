import type { z } from 'zod';

export const serviceNames = ['gateway', 'auth', 'code-issuance', 'delivery', 'device-trust'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** A question one service asks another and waits for, with a deadline. The owner answers it. */
export interface RequestDefinition<P extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType> {
  type: 'request';
  owner: ServiceName;
  version: number;
  payload: P;
  reply: R;
}

/**
 * A fact that the owner publishes. A `durable` event has at least one durable queue and is published `mandatory`: to
 * publish it unroutable is a fault. A `live` event may have nobody listening (an open page's delivery state).
 */
export interface EventDefinition<P extends z.ZodType = z.ZodType> {
  type: 'event';
  owner: ServiceName;
  version: number;
  audience: 'durable' | 'live';
  payload: P;
}

/** Declares the requests that one service answers. */
export function requests<const T extends Record<string, { payload: z.ZodType; reply: z.ZodType }>>(
  owner: ServiceName,
  definitions: T,
) {
  return Object.fromEntries(
    Object.entries(definitions).map(([name, definition]) => [name, { type: 'request', owner, version: 1, ...definition }]),
  ) as { [N in keyof T]: RequestDefinition<T[N]['payload'], T[N]['reply']> };
}

/** Declares the events that one service publishes. */
export function events<const T extends Record<string, { audience: 'durable' | 'live'; payload: z.ZodType }>>(
  owner: ServiceName,
  definitions: T,
) {
  return Object.fromEntries(
    Object.entries(definitions).map(([name, definition]) => [name, { type: 'event', owner, version: 1, ...definition }]),
  ) as { [N in keyof T]: EventDefinition<T[N]['payload']> };
}
