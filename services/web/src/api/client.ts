import { createLatchkeyClient, type RequestFailed } from '@latchkey/client';
import { locale } from '../texts/language.ts';
import { readServerClock } from './server-clock.ts';

type FailureListener = (failure: RequestFailed, path: string) => void;
const failureListeners = new Set<FailureListener>();

/** Hears of every failed request, for what concerns the whole site (the session is gone, set-up comes first). */
export function watchFailures(listener: FailureListener): () => void {
  failureListeners.add(listener);
  return () => failureListeners.delete(listener);
}

/** The API on our own origin; secrets travel in HttpOnly cookies. Calls throw RequestFailed. */
export const api = createLatchkeyClient({
  baseUrl: '',
  fetch: async (request) => {
    // Messages that a request causes are written in the language of the page, not in the browser's first.
    request.headers.set('accept-language', locale);
    const response = await fetch(request);
    readServerClock(response);
    return response;
  },
  onFailure: (failure, path) => {
    for (const listener of failureListeners) listener(failure, path);
  },
});
