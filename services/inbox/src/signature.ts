import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { AwsError } from './aws-query.ts';
import type { AwsCredentials } from './config.ts';

/** AWS takes a signature 15 minutes either side of its own clock. */
const allowedSkewMs = 15 * 60_000;

/** A call as it came in; `body` are the very bytes received. */
export type SignedCall = { method: string; path: string; headers: IncomingHttpHeaders; body: Uint8Array };

/**
 * Checks a Signature Version 4 and returns the service it was scoped to.
 * The request is signed again by the SDK's own signer with our copy of the key, and the two signatures compared.
 * Throws the `AwsError` that AWS answers with.
 */
export async function verifySignature(call: SignedCall, credentials: AwsCredentials, now = new Date()): Promise<'sns' | 'ses'> {
  const authorization = call.headers.authorization;
  if (authorization === undefined) throw new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403);
  const claimed = parseAuthorization(authorization);
  const date = parseDate(call.headers['x-amz-date']);

  if (claimed.accessKeyId !== credentials.accessKeyId || header(call.headers, 'x-amz-security-token') !== credentials.sessionToken) {
    throw new AwsError('InvalidClientTokenId', 'The security token included in the request is invalid.', 403);
  }
  const day = date.text.slice(0, 8);
  if (claimed.day !== day) {
    throw mismatch(`Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${claimed.day}' != '${day}', from '${date.text}'.`);
  }
  checkClock(date, now);
  if (claimed.service !== 'sns' && claimed.service !== 'ses') throw mismatch("Credential should be scoped to correct service: 'sns' or 'ses'.");
  for (const name of ['host', 'x-amz-date']) {
    if (!claimed.signedHeaders.includes(name)) throw mismatch(`'${name}' must be a 'SignedHeader' in the AWS Authorization.`);
  }
  const bodyHash = createHash('sha256').update(call.body).digest('hex');
  if ((header(call.headers, 'x-amz-content-sha256') ?? bodyHash) !== bodyHash) throw mismatch('The x-amz-content-sha256 header does not match what was computed.');

  const expected = await signAgain(call, claimed, credentials, date.value);
  if (!sameText(expected, claimed.signature)) {
    throw mismatch(
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    );
  }
  return claimed.service;
}

type ClaimedSignature = ReturnType<typeof parseAuthorization>;

function parseAuthorization(authorization: string) {
  const [algorithm, ...rest] = authorization.trim().split(/\s+/);
  if (algorithm !== 'AWS4-HMAC-SHA256') throw new AwsError('IncompleteSignature', `Unsupported AWS 'algorithm': '${algorithm ?? ''}'.`);
  const fields = new Map(rest.join('').split(',').map((field) => [field.slice(0, field.indexOf('=')), field.slice(field.indexOf('=') + 1)]));
  const read = (name: string): string => {
    const value = fields.get(name);
    if (!value) throw new AwsError('IncompleteSignature', `Authorization header requires '${name}' parameter.`);
    return value;
  };
  const [accessKeyId, day, region, service, terminator] = read('Credential').split('/');
  if (!accessKeyId || !day || !region || !service || terminator !== 'aws4_request') {
    throw new AwsError('IncompleteSignature', 'Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.');
  }
  return { accessKeyId, day, region, service, signedHeaders: read('SignedHeaders').toLowerCase().split(';'), signature: read('Signature') };
}

function parseDate(given: string | string[] | undefined): { text: string; value: Date } {
  const text = String(given ?? '');
  const value = new Date(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (!/^\d{8}T\d{6}Z$/.test(text) || Number.isNaN(value.getTime())) {
    throw new AwsError('IncompleteSignature', `Date must be in ISO-8601 'basic format'. Got '${text}'. See http://en.wikipedia.org/wiki/ISO_8601`);
  }
  return { text, value };
}

function checkClock(date: { text: string; value: Date }, now: Date): void {
  const basic = (moment: number) => new Date(moment).toISOString().replace(/[-:]|\.\d+/g, '');
  const [earliest, latest] = [now.getTime() - allowedSkewMs, now.getTime() + allowedSkewMs];
  const ours = basic(now.getTime());
  if (date.value.getTime() < earliest) throw mismatch(`Signature expired: ${date.text} is now earlier than ${basic(earliest)} (${ours} - 15 min.)`);
  if (date.value.getTime() > latest) throw mismatch(`Signature not yet current: ${date.text} is still later than ${basic(latest)} (${ours} + 15 min.)`);
}

async function signAgain(call: SignedCall, claimed: ClaimedSignature, credentials: AwsCredentials, signingDate: Date): Promise<string> {
  const { accessKeyId, secretAccessKey } = credentials;
  const signer = new SignatureV4({
    service: claimed.service,
    region: claimed.region,
    credentials: { accessKeyId, secretAccessKey },
    sha256: Sha256,
    applyChecksum: false,
  });
  // Only what the caller signed: proxies and the HTTP client add headers of their own.
  const headers = Object.fromEntries(claimed.signedHeaders.map((name) => [name, header(call.headers, name) ?? '']));
  const url = new URL(call.path, 'http://inbox');
  const signed = await signer.sign(
    { method: call.method, protocol: 'http:', hostname: 'inbox', path: url.pathname, query: Object.fromEntries(url.searchParams), headers, body: call.body },
    { signingDate, signableHeaders: new Set(claimed.signedHeaders) },
  );
  return /Signature=([0-9a-f]+)$/.exec(signed.headers['authorization'] ?? '')?.[1] ?? '';
}

function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

function mismatch(message: string): AwsError {
  return new AwsError('SignatureDoesNotMatch', message, 403);
}

function sameText(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
