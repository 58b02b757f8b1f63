import type { Schemas } from '@latchkey/client';
import { api } from './client.ts';

export type ListedSession = Schemas['SessionList']['sessions'][number];

export const listSessions = () => api.get('/v1/sessions');
export const endSession = (id: string) => api.delete('/v1/sessions/{id}', { path: { id } });
export const endOtherSessions = () => api.post('/v1/sessions/end-others');
