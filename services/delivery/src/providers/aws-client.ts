export interface AwsOptions {
  region: string;
  /** Another address that speaks the protocol, as the development inbox does. */
  endpoint?: string | undefined;
  /** Of another account than the process has by itself. */
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string | undefined } | undefined;
  timeoutMs?: number;
}

/** Settings of an AWS client. Retries are ours (by the queue), so the SDK makes none. */
export function awsClientSettings({ region, endpoint, credentials, timeoutMs = 5_000 }: AwsOptions) {
  return {
    region,
    ...(endpoint ? { endpoint } : {}),
    ...(credentials ? { credentials: withoutUnset(credentials) } : {}),
    maxAttempts: 1,
    requestHandler: { requestTimeout: timeoutMs, connectionTimeout: timeoutMs, throwOnRequestTimeout: true },
  };
}

const withoutUnset = ({ accessKeyId, secretAccessKey, sessionToken }: NonNullable<AwsOptions['credentials']>) => ({ accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) });
