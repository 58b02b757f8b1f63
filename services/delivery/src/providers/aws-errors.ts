import { answerLostBehind } from './http-post.ts';
import type { ProviderAnswer } from './provider.ts';

const permanent = new Set([
  'InvalidParameter', 'InvalidParameterException', 'InvalidParameterValue', 'OptedOut', 'OptedOutException', 'MessageRejected',
  'InvalidAction', 'ValidationError', 'ParameterValueInvalid',
]);
// The message was certainly not taken: refused at the door.
const notSent = new Set([
  'Throttling', 'ThrottlingException', 'Throttled', 'ThrottledException', 'TooManyRequestsException', 'LimitExceeded', 'ServiceUnavailable',
  'KMSThrottling', 'AuthorizationError', 'InvalidClientTokenId', 'SignatureDoesNotMatch', 'AccessDenied', 'AccountSendingPausedException', 'ExpiredToken', 'CredentialsProviderError',
]);
const notConnected = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** AWS's ways of saying no, in our four words. */
export function answerToAwsError(error: unknown): ProviderAnswer {
  const { name = 'Error', code, message = '', $metadata } = error as { name?: string; code?: string; message?: string; $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode;
  const reason = status ? `${name} (${status})` : (code ?? name);
  if (permanent.has(name)) return { outcome: 'permanent', reason };
  // The SDK calls both timeouts TimeoutError; before there is a connection nothing can have been sent.
  const neverConnected = name === 'TimeoutError' && message.includes('did not establish a connection');
  if (notSent.has(name) || notConnected.has(code ?? '') || neverConnected) return { outcome: 'transient', reason };
  if (answerLostBehind(status)) return { outcome: 'unknown', reason };
  // A complete answer with an error status: AWS says that it did not take the message.
  if (status && status >= 400) return { outcome: 'transient', reason };
  return { outcome: 'unknown', reason };
}
