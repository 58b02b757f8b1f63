import { failureOf, RequestFailed } from './request-failed.ts';
import { readServerClock } from './server-clock.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** The API answers within 5 s even when a part of it is away; a request that takes this long is lost. */
const lostAfterMs = 15_000;

type FailureListener = (failure: RequestFailed, path: string) => void;
const failureListeners = new Set<FailureListener>();

/** Hears of every failed request, for what concerns the whole site (the session is gone, set-up comes first). */
export function watchFailures(listener: FailureListener): () => void {
  failureListeners.add(listener);
  return () => failureListeners.delete(listener);
}

/** One call of the API on our own origin; secrets travel in HttpOnly cookies. Throws RequestFailed. */
export async function call<Answer = void>(method: Method, path: string, body?: object): Promise<Answer> {
  const response = await send(method, path, body);
  readServerClock(response);
  if (!response.ok) {
    const failure = await failureOf(response);
    for (const listener of failureListeners) listener(failure, path);
    throw failure;
  }
  if (response.status === 204) return undefined as Answer;
  try {
    return (await response.json()) as Answer;
  } catch {
    // The connection broke in the middle of the answer.
    throw new RequestFailed('network_lost');
  }
}

async function send(method: Method, path: string, body: object | undefined): Promise<Response> {
  try {
    return await fetch(`/v1${path}`, {
      method,
      cache: 'no-store',
      signal: AbortSignal.timeout(lostAfterMs),
      headers: { Accept: 'application/json', ...(body && { 'Content-Type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
  } catch {
    throw new RequestFailed('network_lost');
  }
}
