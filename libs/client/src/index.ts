export { type ClientOptions, createLatchkeyClient, type LatchkeyClient } from './create-client.ts';
export { type DeliveryEvent, type DeliveryListener, followDelivery } from './delivery-events.ts';
export type { AnswerOf, BodyOf, InputOf, Method, PathOf, Schemas } from './operations.ts';
export { asFailure, type ErrorCode, type FailureCode, failureOf, type Problem, RequestFailed } from './request-failed.ts';
export type { paths } from './schema.d.ts';
export { type Tokens, tokensInMemory, type TokenStore } from './tokens.ts';
