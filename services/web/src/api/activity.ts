import { api } from './client.ts';

/** A page of the timeline, newest first; `before` is what the page before gave. */
export const readActivity = (before?: string) => api.get('/v1/activity', { query: before === undefined ? {} : { before } });
