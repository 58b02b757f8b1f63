import type { Clock, Logger, RedisClient } from '@latchkey/platform';
import type { DeliveryMetrics } from '../deliver/metrics.ts';
import type { Provider, ReceiptReader } from '../providers/provider.ts';
import { SesProvider } from '../providers/ses.ts';
import { SmtpProvider } from '../providers/smtp.ts';
import { SnsProvider } from '../providers/sns.ts';
import { TwilioProvider } from '../providers/twilio.ts';
import { WebhookProvider } from '../providers/webhook.ts';
import { SesReceipts } from '../receipts/read-ses.ts';
import { TwilioReceipts } from '../receipts/read-twilio.ts';
import { WebhookReceipts } from '../receipts/read-webhook.ts';
import { Cap } from './cap.ts';
import { Circuit, type CircuitOptions, productionCircuit } from './circuit.ts';
import { ProviderLine } from './provider-line.ts';
import type { ProviderOptions, Routes } from './routes-setting.ts';

/** What options leave away. */
export interface ProviderDefaults {
  region: string;
  from: string;
  senderId?: string | undefined;
  snsEndpoint?: string | undefined;
  sesEndpoint?: string | undefined;
}

interface LineParts {
  defaults: ProviderDefaults;
  /** Needed where a provider has a cap. */
  redis: RedisClient | undefined;
  metrics: DeliveryMetrics;
  clock: Clock;
  logger: Logger;
  circuit?: CircuitOptions;
  /** Told of every change of a circuit, in any of the lines. */
  onCircuitChange?: () => void;
}

/** One line for each provider of the settings. */
export function makeLines({ providers }: Routes, parts: LineParts): Map<string, ProviderLine> {
  return new Map(Object.entries(providers).map(([name, options]) => [name, makeLine(name, options, parts)]));
}

function makeLine(name: string, options: ProviderOptions, { defaults, redis, metrics, clock, logger, circuit = productionCircuit, onCircuitChange }: LineParts): ProviderLine {
  const capped = options.inFlight !== undefined || options.perSecond !== undefined;
  if (capped && !redis) throw new Error(`the caps of ${name} are kept in Redis, which is not set`);
  metrics.circuit(name, 'closed');
  const provider = makeProvider(name, options, defaults, clock);
  for (const channel of provider.channels) metrics.provides(name, channel);
  return new ProviderLine(name, options, {
    metrics,
    provider,
    cap: capped && redis ? new Cap(redis, name, options, logger) : undefined,
    circuit: new Circuit(circuit, (state) => {
      metrics.circuit(name, state);
      logger.warn({ provider: name, circuit: state }, 'circuit of a provider changed');
      onCircuitChange?.();
    }),
  });
}

function makeProvider(name: string, options: ProviderOptions, defaults: ProviderDefaults, clock: Clock): Provider {
  switch (options.kind) {
    case 'sns':
      return new SnsProvider({ name, region: defaults.region, endpoint: defaults.snsEndpoint, senderId: defaults.senderId, ...set(options) });
    case 'ses':
      return new SesProvider({ name, region: defaults.region, endpoint: defaults.sesEndpoint, from: defaults.from, ...set(options) });
    case 'smtp':
      return new SmtpProvider({ name, from: defaults.from, ...set(options) });
    case 'twilio':
      return new TwilioProvider({ name, clock, statusCallback: options.receipts?.statusCallback, ...set(options) });
    case 'webhook':
      return new WebhookProvider({ name, clock, ...set(options) });
  }
}

/** Who reads the receipts of each provider that gives them. */
export function makeReaders({ providers }: Routes, { clock }: Pick<LineParts, 'clock'>): Map<string, ReceiptReader> {
  return new Map(Object.entries(providers).flatMap(([provider, options]) => {
    const reader = makeReader(provider, options, clock);
    return reader ? [[provider, reader] as const] : [];
  }));
}

function makeReader(provider: string, options: ProviderOptions, clock: Clock): ReceiptReader | undefined {
  if (!('receipts' in options) || !options.receipts) return undefined;
  switch (options.kind) {
    case 'ses':
      return new SesReceipts({ provider, clock, ...options.receipts });
    case 'twilio':
      return new TwilioReceipts({ provider, clock, accountSid: options.accountSid, authTokens: options.receipts.authTokens });
    case 'webhook':
      return new WebhookReceipts({ provider, clock, secrets: options.receipts.secrets });
  }
}

/** Without what is not set, so that it does not take the place of a default. */
function set<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };
}
