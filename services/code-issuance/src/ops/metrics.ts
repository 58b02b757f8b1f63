import { channel as channels, type Channel, type ErrorCode, methodKind, type MethodKind, Refusal } from '@latchkey/contracts';
import { Counter, type Registry } from 'prom-client';

/** Which limit refused a send; `not_entered`: too few codes of such numbers are being entered. */
export const limitKinds = ['resend_wait', 'login', 'destination', 'ip', 'prefix', 'provider', 'country', 'not_entered'] as const;
export type LimitKind = (typeof limitKinds)[number];

// Counted from the start on: what appears with its first failure has not grown.
const usualIssues = ['sent', 'too_many_requests', 'unsupported_destination', 'unavailable', 'internal_error'] satisfies ('sent' | ErrorCode)[];
const usualTries = ['right', 'wrong_code', 'code_expired', 'attempt_over', 'locked', 'internal_error'] satisfies ('right' | ErrorCode)[];

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
    for (const channel of channels.options) for (const outcome of usualIssues) this.issues.inc({ channel, outcome }, 0);
    for (const kind of methodKind.options) for (const outcome of usualTries) this.tries.inc({ kind, outcome }, 0);
    for (const limit of limitKinds) this.limits.inc({ limit }, 0);
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
