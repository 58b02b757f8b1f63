import { type Channel, type MethodKind, Refusal } from '@latchkey/contracts';
import { Counter, type Registry } from 'prom-client';

/** Which limit refused a send; `not_entered`: too few codes of such numbers are being entered. */
export type LimitKind = 'resend_wait' | 'login' | 'destination' | 'ip' | 'prefix' | 'provider' | 'country' | 'not_entered';

/** An error code of the closed union, or a fault. */
const wordOf = (error: unknown): string => (error instanceof Refusal ? error.code : 'internal_error');

/** What an operator sees of codes: never whose, nor where to. */
export class CodeMetrics {
  private readonly issues: Counter<'channel' | 'outcome'>;
  private readonly tries: Counter<'kind' | 'outcome'>;
  private readonly limits: Counter<'limit'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.issues = new Counter({ name: 'latchkey_codes_issued_total', help: 'Codes asked for, by what became of them: sent, or an error code', labelNames: ['channel', 'outcome'], registers });
    this.tries = new Counter({ name: 'latchkey_codes_tried_total', help: 'Codes judged, by what they were: right, or an error code', labelNames: ['kind', 'outcome'], registers });
    this.limits = new Counter({ name: 'latchkey_code_limits_refused_total', help: 'Sends refused by a limit, by which', labelNames: ['limit'], registers });
  }

  /** Counts how it ends. */
  async issuing<T>(channel: Channel, work: () => Promise<T>): Promise<T> {
    return counted(work, (outcome) => this.issues.inc({ channel, outcome }), 'sent');
  }

  /** Counts how it ends. */
  async trying<T>(kind: MethodKind, work: () => Promise<T>): Promise<T> {
    return counted(work, (outcome) => this.tries.inc({ kind, outcome }), 'right');
  }

  limited(limit: LimitKind): void {
    this.limits.inc({ limit });
  }
}

async function counted<T>(work: () => Promise<T>, count: (outcome: string) => void, wordOfSuccess: string): Promise<T> {
  try {
    const result = await work();
    count(wordOfSuccess);
    return result;
  } catch (error) {
    count(wordOf(error));
    throw error;
  }
}
