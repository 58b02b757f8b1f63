import { Refusal } from '@latchkey/contracts';
import { type Clock, systemClock } from '@latchkey/platform';
import { z } from 'zod';
import type { Receipt, ReceiptReader, ReceiptRequest } from '../providers/provider.ts';
import { WebhookSignature } from '../providers/webhook-signature.ts';

const receipt = z.object({ id: z.string().min(1).max(200), state: z.string(), reason: z.string().optional(), at: z.iso.datetime({ offset: true }).optional() });

/** Receipts of the generic webhook: `{id, state: "delivered"|"failed", reason?, at?}`, signed as Standard Webhooks says. */
export class WebhookReceipts implements ReceiptReader {
  readonly provider: string;
  private readonly signature: WebhookSignature;
  private readonly clock: Clock;

  constructor(options: {
    provider?: string;
    /** Several while one is rotated. Best others than what signs the messages. */
    secrets: readonly string[];
    clock?: Clock;
  }) {
    this.provider = options.provider ?? 'webhook';
    this.signature = new WebhookSignature(options.secrets);
    this.clock = options.clock ?? systemClock;
  }

  async read({ headers, body }: ReceiptRequest): Promise<Receipt[]> {
    const now = this.clock.now();
    if (!this.signature.isGood(headers, body, now)) throw new Refusal('not_found');
    const { id, state, reason, at } = parse(body);
    // States on the way (`queued`, `sent`) are no receipts.
    if (state !== 'delivered' && state !== 'failed') return [];
    const told = at === undefined ? now : new Date(at);
    return [{ provider: this.provider, providerMessageId: id, outcome: state, ...(reason && state === 'failed' ? { reason: withoutDestinations(reason) } : {}), at: told < now ? told : now }];
  }
}

/** Signed, but not as agreed: its sender is told what is wrong. */
function parse(body: string): z.output<typeof receipt> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new Refusal('invalid_request', { issues: [{ path: '', message: 'is not JSON' }] });
  }
  const read = receipt.safeParse(value);
  if (!read.success) throw new Refusal('invalid_request', { issues: read.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })) });
  return read.data;
}

/** Other people's sentences may quote the number or address. */
const withoutDestinations = (reason: string) => reason.replace(/\S+@\S+/g, '•••').replace(/\+?\d[\d\s().-]{4,}\d/g, '•••').slice(0, 200);
