export interface AwsOptions {
  region: string;
  /** Another address that speaks the protocol, as the development inbox does. */
  endpoint?: string | undefined;
  /** Of another account than the process has by itself. */
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string | undefined } | undefined;
  timeoutMs?: number;
}

// Prefetch and caps bound what is under way. With the SDK's own bound of 50 a message would wait for a socket while its
// timeout runs, and count as unknown without having been sent.
const sockets = { keepAlive: true, maxSockets: 2_000 };

/**
 * Settings of an AWS client. Retries are ours (by the queue), so the SDK makes none. What an ask goes through is put
 * together once for each command, and not at each ask: that takes a tenth of the SDK's time.
 */
export function awsClientSettings({ region, endpoint, credentials, timeoutMs = 5_000 }: AwsOptions) {
  return {
    region,
    ...(endpoint ? { endpoint } : {}),
    ...(credentials ? { credentials: withoutUnset(credentials) } : {}),
    maxAttempts: 1,
    cacheMiddleware: true,
    requestHandler: { requestTimeout: timeoutMs, connectionTimeout: timeoutMs, throwOnRequestTimeout: true, httpAgent: sockets, httpsAgent: sockets },
  };
}

const withoutUnset = ({ accessKeyId, secretAccessKey, sessionToken }: NonNullable<AwsOptions['credentials']>) => ({ accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) });
