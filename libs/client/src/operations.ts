import type { components, paths } from './schema.d.ts';

/** What the document says of each operation, as types for callers. */
export type Method = 'get' | 'post' | 'put' | 'delete';
export type Schemas = components['schemas'];

type Operation = { parameters: { path?: unknown; query?: unknown }; responses: object };

/** The addresses that have a method: `/v1/login`, `/v1/two-factor/methods/{id}`, … */
export type PathOf<M extends Method> = { [P in keyof paths]: paths[P] extends { [K in M]: Operation } ? P : never }[keyof paths];

type OperationOf<M extends Method, P extends keyof paths> = paths[P] extends { [K in M]: infer O } ? O : never;
type JsonOf<Part> = Part extends { content: { 'application/json': infer Body } } ? Body : never;

/** The answer of an operation that succeeded; `undefined` where it has no body. */
export type AnswerOf<M extends Method, P extends keyof paths> =
  OperationOf<M, P> extends { responses: infer Responses } ? { [S in Extract<keyof Responses, 200 | 201 | 202 | 204>]: [JsonOf<Responses[S]>] extends [never] ? undefined : JsonOf<Responses[S]> }[Extract<keyof Responses, 200 | 201 | 202 | 204>] : never;

/** The body of an operation; `never` where it takes none. */
export type BodyOf<M extends Method, P extends keyof paths> = OperationOf<M, P> extends { requestBody: infer Body } ? JsonOf<Body> : never;

type ParametersOf<M extends Method, P extends keyof paths> = OperationOf<M, P> extends { parameters: infer Parameters } ? Parameters : never;

/** What a call of an operation takes besides its address. */
export type InputOf<M extends Method, P extends keyof paths> = (ParametersOf<M, P> extends { path: infer Path } ? { path: Path } : object) &
  (ParametersOf<M, P> extends { query?: infer Query } ? ([NonNullable<Query>] extends [never] ? object : { query?: NonNullable<Query> }) : object) &
  ([BodyOf<M, P>] extends [never] ? object : { body: BodyOf<M, P> }) & { signal?: AbortSignal };

/** An input that may be left out where nothing in it is required. */
export type InputArguments<M extends Method, P extends keyof paths> = object extends InputOf<M, P> ? [input?: InputOf<M, P>] : [input: InputOf<M, P>];
