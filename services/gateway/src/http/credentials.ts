import { randomUUIDv7 } from 'node:crypto';
import type {} from '@fastify/cookie';
import { Refusal, type Session } from '@latchkey/contracts';
import { hashSecret, newSecret } from '@latchkey/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { isLocalName } from '../config.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** What browsers know this server by. */
    publicUrl: URL;
  }
}

/** A device secret as its holder carries it: which browser or app, and 256 bits that change at every login. */
export interface DeviceToken {
  browserId: string;
  secret: string;
}

const deviceTokenPattern = /^([0-9a-f-]{36})\.([\w-]{43})$/;
const deviceCookieSeconds = 400 * 86_400;

/** Whatever is no token that we could have given is none at all: a garbled cookie must not keep anybody out. */
export function parseDeviceToken(text: string | undefined): DeviceToken | null {
  const [, browserId, secret] = deviceTokenPattern.exec(text ?? '') ?? [];
  return secret && z.uuid().safeParse(browserId).success ? { browserId: String(browserId), secret } : null;
}

export const formatDeviceToken = ({ browserId, secret }: DeviceToken): string => `${browserId}.${secret}`;

type CookieName = 'session' | 'device';

const isPlainSite = ({ server }: FastifyRequest) => server.publicUrl.protocol === 'http:';

/**
 * Over plain http no browser takes `Secure` or `__Host-` cookies, but for localhost, where all do except Safari and
 * whatever else runs on WebKit: there the names lose the prefix.
 */
function refusesHostPrefix(request: FastifyRequest): boolean {
  if (!isPlainSite(request)) return false;
  if (!isLocalName(request.server.publicUrl.hostname)) return true;
  const agent = request.headers['user-agent'] ?? '';
  // Chrome and its kin still claim to be WebKit; on iOS everybody is, whatever the name (CriOS, FxiOS).
  return /AppleWebKit\//.test(agent) && !/Chrom(e|ium)\//.test(agent);
}

/** Names without prefix count on plain http only: on https a neighbouring subdomain could set them. */
const readCookie = (request: FastifyRequest, name: CookieName): string | undefined =>
  request.cookies[`__Host-${name}`] ?? (isPlainSite(request) ? request.cookies[name] : undefined);

export const carriesOurCookies = (request: FastifyRequest): boolean => Boolean(readCookie(request, 'session') || readCookie(request, 'device'));

function writeCookie(request: FastifyRequest, reply: FastifyReply, name: CookieName, value: string, life: { expires: Date } | { maxAge: number }): void {
  const plain = refusesHostPrefix(request);
  reply.setCookie(plain ? name : `__Host-${name}`, value, { path: '/', httpOnly: true, sameSite: 'lax', secure: !plain, ...life });
}

/** The app carries its session in a header, the browser in a cookie; a request is one or the other. */
export function sessionHashOf(request: FastifyRequest): string {
  const { authorization } = request.headers;
  const secret = authorization === undefined ? readCookie(request, 'session') : /^Bearer ([\w-]{43})$/i.exec(authorization)?.[1];
  if (!secret) throw new Refusal('not_signed_in');
  return hashSecret(secret);
}

export function presentedDevice(request: FastifyRequest, client: 'web' | 'app'): DeviceToken | null {
  if (client === 'web') return parseDeviceToken(readCookie(request, 'device'));
  const header = request.headers['device-token'];
  return parseDeviceToken(Array.isArray(header) ? header[0] : header);
}

/** Secrets that a login may get: made here, where they leave; everybody behind sees hashes only. */
interface FreshSecrets {
  session: string;
  device: DeviceToken;
}

export const freshSecrets = (): FreshSecrets => ({ session: newSecret(), device: { browserId: randomUUIDv7(), secret: newSecret() } });

/** Hands the secrets of a new session to its client: cookies for the browser, the body for the app. */
export function handOver(request: FastifyRequest, reply: FastifyReply, client: 'web' | 'app', session: Session, secrets: FreshSecrets, browserId: string): Session {
  const deviceToken = formatDeviceToken({ browserId, secret: secrets.device.secret });
  if (client === 'app') return { ...session, sessionToken: secrets.session, deviceToken };
  writeCookie(request, reply, 'session', secrets.session, { expires: new Date(session.expiresAt) });
  writeCookie(request, reply, 'device', deviceToken, { maxAge: deviceCookieSeconds });
  return session;
}

/** For the browser only: a request of an app is none of its cookies' business. */
export function forgetSession(request: FastifyRequest, reply: FastifyReply): void {
  if (request.headers.authorization === undefined && readCookie(request, 'session')) writeCookie(request, reply, 'session', '', { maxAge: 0 });
}
