import type { AnswerOf, BodyOf, Schemas } from '@latchkey/client';
import { api } from '../../api/client.ts';

export type Queues = Schemas['OpsQueues'];
export type Queue = Queues['queues'][number];
export type Worker = Queues['workers'][number];
export type Providers = Schemas['OpsProviders'];
export type Provider = Providers['providers'][number];
export type Delivery = Schemas['OpsDeliveries']['deliveries'][number];
export type DeliveryFilter = { state?: Delivery['state']; provider?: string; channel?: Delivery['channel']; loginId?: string };
export type DeadLetters = Schemas['DeadLetters'];
export type DeadLetter = DeadLetters['letters'][number];
export type Handled = Schemas['HandledDeadLetters'];
export type StoryLine = Schemas['OpsActivityPage']['activities'][number];
export type AuditEntry = Schemas['AuditPage']['entries'][number];
export type Channel = Delivery['channel'];

const withSignal = (signal?: AbortSignal) => (signal ? { signal } : {});

export const readQueues = (signal: AbortSignal): Promise<Queues> => api.get('/v1/ops/queues', { signal });
export const readProviders = (signal: AbortSignal): Promise<Providers> => api.get('/v1/ops/providers', { signal });

export const setProvider = (body: BodyOf<'put', '/v1/ops/providers'>) => api.put('/v1/ops/providers', { body });
export const setChannel = (body: BodyOf<'put', '/v1/ops/channels'>) => api.put('/v1/ops/channels', { body });
export const setWorker = (body: BodyOf<'put', '/v1/ops/workers'>) => api.put('/v1/ops/workers', { body });

export async function readDeliveries(filter: DeliveryFilter, before: string | null, signal?: AbortSignal) {
  const answer = await api.get('/v1/ops/deliveries', { query: { ...filter, ...(before && { before }) }, ...withSignal(signal) });
  return { items: answer.deliveries, next: answer.before };
}

export const readDeadLetters = (queue: string): Promise<DeadLetters> => api.get('/v1/ops/dead-letters', { query: { queue } });

/** Without ids all that are there. */
export const redrive = (queue: string, ids?: string[]): Promise<Handled> => api.post('/v1/ops/dead-letters/redrive', { body: { queue, ...(ids && { ids }) } });
export const discard = (queue: string, ids?: string[]): Promise<Handled> => api.post('/v1/ops/dead-letters/discard', { body: { queue, ...(ids && { ids }) } });

const pageOf = ({ activities, before }: AnswerOf<'get', '/v1/ops/activity'>) => ({ items: activities, next: before });
export const readStory = async (of: { correlationId: string } | { loginId: string }, before: string | null, signal?: AbortSignal) =>
  pageOf(await api.get('/v1/ops/activity', { query: { ...of, ...(before && { before }) }, ...withSignal(signal) }));

export async function readAudit(before: string | null, signal?: AbortSignal) {
  const answer = await api.get('/v1/ops/audit', { ...(before && { query: { before } }), ...withSignal(signal) });
  return { items: answer.entries, next: answer.before };
}
