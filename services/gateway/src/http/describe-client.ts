import { isIP } from 'node:net';
import type { DeviceInput } from '@latchkey/contracts';
import { hashSecret } from '@latchkey/platform';
import type { FastifyRequest } from 'fastify';
import { UAParser } from 'ua-parser-js';
import { type DeviceToken, presentedDevice } from './credentials.ts';

const languages = ['en', 'es', 'de', 'fr'];

type Agent = { browser: string | undefined; os: string | undefined };

/** The same ones come again and again, and reading one takes 150 µs. */
const agents = new Map<string, Agent>();
const mostAgents = 2_000;
/** Browsers say less; a longer one is somebody's own, and is not kept. */
const longestAgent = 512;

function readAgent(text: string): Agent {
  const known = agents.get(text);
  if (known) return known;
  const { browser, os } = UAParser(text);
  const agent = { browser: browser.name, os: os.name };
  if (text.length > longestAgent) return agent;
  if (agents.size >= mostAgents) agents.clear();
  agents.set(text, agent);
  return agent;
}

/** What a request shows of its device: secrets as hashes, and what helps its owner to recognise it. */
export function describeDevice(request: FastifyRequest, client: 'web' | 'app', next: DeviceToken, deviceName?: string): DeviceInput {
  const { browser, os } = readAgent(request.headers['user-agent'] ?? '');
  const presented = presentedDevice(request, client);
  const short = (text: string | undefined) => text?.slice(0, 80) ?? null;
  const fallback = client === 'app' ? 'Mobile app' : [browser ?? 'Browser', os ? `on ${os}` : ''].join(' ').trim();
  return {
    presented: presented ? { browserId: presented.browserId, secretHash: hashSecret(presented.secret) } : null,
    next: { browserId: next.browserId, secretHash: hashSecret(next.secret) },
    client,
    name: (deviceName ?? fallback).slice(0, 120),
    browser: short(browser),
    os: short(os),
    ip: clientAddress(request),
  };
}

/** Where a request comes from; `X-Forwarded-For` counts only as far as trusted proxies wrote it, and only as an address. */
export function clientAddress(request: FastifyRequest): string {
  const address = plainAddress(request.ip);
  return isIP(address) ? address : plainAddress(request.socket.remoteAddress ?? '');
}

/** IPv4 clients of a dual-stack socket look like `::ffff:192.0.2.1`; zones (`%eth0`) mean nothing to anybody else. */
const plainAddress = (address: string) => address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');

/** The language of `Accept-Language` (RFC 9110 12.5.4) that is liked best among those that messages are written in. */
export function localeOf(request: FastifyRequest): string {
  const wanted = (request.headers['accept-language'] ?? '').split(',').map((part) => {
    const [tag = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    const weight = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1);
    return { language: tag.split('-')[0] ?? '', weight: Number.isFinite(weight) ? weight : 0 };
  });
  const liked = wanted.filter(({ language, weight }) => weight > 0 && languages.includes(language)).sort((one, other) => other.weight - one.weight);
  return liked[0]?.language ?? 'en';
}
