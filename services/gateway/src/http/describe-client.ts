import type { DeviceInput } from '@latchkey/contracts';
import { hashSecret } from '@latchkey/platform';
import type { FastifyRequest } from 'fastify';
import { UAParser } from 'ua-parser-js';
import { type DeviceToken, presentedDevice } from './credentials.ts';

const languages = ['en', 'es', 'de', 'fr'];

/** What a request shows of its device: secrets as hashes, and what helps its owner to recognise it. */
export function describeDevice(request: FastifyRequest, client: 'web' | 'app', next: DeviceToken, deviceName?: string): DeviceInput {
  const { browser, os } = UAParser(request.headers['user-agent'] ?? '');
  const presented = presentedDevice(request, client);
  const short = (text: string | undefined) => text?.slice(0, 80) ?? null;
  const fallback = client === 'app' ? 'Mobile app' : [browser.name ?? 'Browser', os.name ? `on ${os.name}` : ''].join(' ').trim();
  return {
    presented: presented ? { browserId: presented.browserId, secretHash: hashSecret(presented.secret) } : null,
    next: { browserId: next.browserId, secretHash: hashSecret(next.secret) },
    client,
    name: (deviceName ?? fallback).slice(0, 120),
    browser: short(browser.name),
    os: short(os.name),
    ip: clientAddress(request),
  };
}

/** IPv4 clients of a dual-stack socket look like `::ffff:192.0.2.1`; zones (`%eth0`) mean nothing to anybody else. */
export const clientAddress = (request: FastifyRequest): string => request.ip.replace(/^::ffff:(?=\d+\.)/, '').replace(/%.*$/, '');

/** The first language of `Accept-Language` that messages are written in. */
export function localeOf(request: FastifyRequest): string {
  const wanted = (request.headers['accept-language'] ?? '').split(',').map((part) => part.trim().slice(0, 2).toLowerCase());
  return wanted.find((language) => languages.includes(language)) ?? 'en';
}
