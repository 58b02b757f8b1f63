import createFetchClient, { type Middleware } from 'openapi-fetch';
import type { AnswerOf, InputArguments, Method, PathOf } from './operations.ts';
import { failureOf, RequestFailed } from './request-failed.ts';
import type { paths } from './schema.d.ts';
import type { Tokens, TokenStore } from './tokens.ts';

/** Calls throw RequestFailed for everything that is not the documented answer. */
export interface LatchkeyClient {
  get<P extends PathOf<'get'>>(path: P, ...input: InputArguments<'get', P>): Promise<AnswerOf<'get', P>>;
  post<P extends PathOf<'post'>>(path: P, ...input: InputArguments<'post', P>): Promise<AnswerOf<'post', P>>;
  put<P extends PathOf<'put'>>(path: P, ...input: InputArguments<'put', P>): Promise<AnswerOf<'put', P>>;
  delete<P extends PathOf<'delete'>>(path: P, ...input: InputArguments<'delete', P>): Promise<AnswerOf<'delete', P>>;
  /** The stream of what happens to the codes of a login attempt, for `followDelivery`. */
  openDeliveryStream(attempt: string, signal: AbortSignal): Promise<Response>;
}

export interface ClientOptions {
  /** Where Latchkey is; in its own website the empty text. */
  baseUrl: string;
  /** Given: an app, whose secrets go in headers and are kept there. Not given: a browser, whose secrets are in cookies. */
  tokens?: TokenStore;
  fetch?: (request: Request) => Promise<Response>;
  /** Hears of every call that fails, before its caller does. */
  onFailure?: (failure: RequestFailed, path: string) => void;
  /** The API answers within 5 s even when a part of it is away; a request that takes this long is lost. */
  timeoutMs?: number;
}

interface CallInput {
  path?: Record<string, string>;
  query?: Record<string, string>;
  body?: object;
  signal?: AbortSignal;
}

export function createLatchkeyClient({ baseUrl, tokens, fetch = (request) => globalThis.fetch(request), onFailure, timeoutMs = 15_000 }: ClientOptions): LatchkeyClient {
  const settings = { cache: 'no-store', credentials: tokens ? 'omit' : 'same-origin' } as const;
  const http = createFetchClient<paths>({ baseUrl, fetch, ...settings });
  if (tokens) http.use(showTokens(tokens));

  async function call(method: Method, path: string, input?: CallInput): Promise<unknown> {
    try {
      return await answerOf(method, path, input);
    } catch (error) {
      if (error instanceof RequestFailed) onFailure?.(error, path);
      throw error;
    }
  }

  async function answerOf(method: Method, path: string, { path: inPath, query, body, signal }: CallInput = {}): Promise<unknown> {
    const signals = [AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])];
    const isLogin = path === '/v1/login';
    const init = {
      params: { ...(inPath && { path: inPath }), ...(query && { query }) },
      ...(body && { body: tokens && isLogin ? { client: 'app', ...body } : body }),
      signal: AbortSignal.any(signals),
    };
    const { response, data, error } = await send(method, path, init, signal);
    if (!response.ok) {
      const failure = failureOf(response, error);
      if (failure.code === 'not_signed_in') await forgetSession(tokens);
      throw failure;
    }
    if (path === '/v1/logout') await forgetSession(tokens);
    await keepTokens(tokens, data);
    return data;
  }

  async function send(method: Method, path: string, init: object, signal: AbortSignal | undefined): Promise<{ response: Response; data?: unknown; error?: unknown }> {
    try {
      return await (http.request as unknown as (method: Method, path: string, init: object) => Promise<{ response: Response; data?: unknown; error?: unknown }>)(method, path, init);
    } catch (error) {
      if (signal?.aborted) throw error;
      // Never sent, not answered in time, or broken off in the middle of the answer.
      throw new RequestFailed('network_lost', {}, error);
    }
  }

  // The attempt is a secret and goes in a header, which EventSource cannot send.
  const openDeliveryStream = (attempt: string, signal: AbortSignal) =>
    fetch(new Request(`${baseUrl}/v1/login/events`, { ...settings, headers: { 'Login-Attempt': attempt, Accept: 'text/event-stream' }, signal }));

  const verb = (method: Method) => (path: string, input?: CallInput) => call(method, path, input);
  return { get: verb('get'), post: verb('post'), put: verb('put'), delete: verb('delete'), openDeliveryStream } as LatchkeyClient;
}

function showTokens(tokens: TokenStore): Middleware {
  return {
    onRequest: async ({ request }) => {
      const { sessionToken, deviceToken } = await tokens.read();
      if (sessionToken) request.headers.set('Authorization', `Bearer ${sessionToken}`);
      if (deviceToken) request.headers.set('Device-Token', deviceToken);
      return request;
    },
  };
}

/** Every login gives new ones; a session that is only looked at or raised comes without. */
async function keepTokens(tokens: TokenStore | undefined, answer: unknown): Promise<void> {
  const { sessionToken, deviceToken } = (answer as { session?: Tokens } | undefined)?.session ?? {};
  if (tokens && sessionToken) await tokens.write({ ...(await tokens.read()), sessionToken, ...(deviceToken && { deviceToken }) });
}

async function forgetSession(tokens: TokenStore | undefined): Promise<void> {
  const { sessionToken, ...rest } = (await tokens?.read()) ?? {};
  if (sessionToken) await tokens?.write(rest);
}
