import { BrokenCircuitError, circuitBreaker, type CircuitBreakerPolicy, CircuitState, CountBreaker, handleWhenResult } from 'cockatiel';
import type { ProviderAnswer } from '../providers/provider.ts';

export type CircuitWord = 'closed' | 'half_open' | 'open';

const words: Record<CircuitState, CircuitWord> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.HalfOpen]: 'half_open',
  [CircuitState.Open]: 'open',
  [CircuitState.Isolated]: 'open',
};

export interface CircuitOptions {
  /** The latest answers that are looked at, how few say nothing yet, and the share of failures that opens the circuit. */
  size: number;
  atLeast: number;
  threshold: number;
  /** Milliseconds until one message finds out whether the provider works again. */
  openForMs: number;
}

/** Counted in answers and not in seconds, so that it opens as well at one login a minute as at fifty a second. */
export const productionCircuit: CircuitOptions = { size: 20, atLeast: 5, threshold: 0.5, openForMs: 5_000 };

/** Keeps messages away from a provider that mostly fails. A refusal of one recipient is no failure of the provider. */
export class Circuit {
  private readonly policy: CircuitBreakerPolicy;
  private readonly openForMs: number;
  private openedAt = 0;
  private probing = false;

  constructor(options: CircuitOptions, onChange: (state: CircuitWord) => void) {
    this.openForMs = options.openForMs;
    this.policy = circuitBreaker(
      handleWhenResult((answer) => ['transient', 'unknown'].includes((answer as ProviderAnswer).outcome)),
      { breaker: new CountBreaker({ size: options.size, minimumNumberOfCalls: options.atLeast, threshold: options.threshold }), halfOpenAfter: options.openForMs },
    );
    this.policy.onStateChange((state) => {
      if (state === CircuitState.Open) this.openedAt = Date.now();
      onChange(words[state]);
    });
  }

  get state(): CircuitWord {
    return words[this.policy.state];
  }

  /** Whether the provider may be asked. Open long enough, it lets one message in, which then has to `ask` or `leave`. */
  enter(): boolean {
    if (this.policy.state === CircuitState.Closed) return true;
    if (this.policy.state !== CircuitState.Open || this.probing || Date.now() - this.openedAt < this.openForMs) return false;
    this.probing = true;
    return true;
  }

  leave(): void {
    this.probing = false;
  }

  /**
   * The provider took a message and never told what became of it. Counts twice, since its acceptance counted as a success:
   * so the circuit opens when nothing is heard of about half of the messages.
   */
  async receiptMissing(): Promise<void> {
    const failure: ProviderAnswer = { outcome: 'unknown', reason: 'no receipt in time' };
    // Half open, only the message that finds out decides.
    for (let count = 0; count < 2 && this.policy.state === CircuitState.Closed; count += 1) await this.policy.execute(async () => failure);
  }

  async ask(send: () => Promise<ProviderAnswer>): Promise<ProviderAnswer> {
    try {
      return await this.policy.execute(send);
    } catch (error) {
      // It opened after this message was let in.
      if (error instanceof BrokenCircuitError) return { outcome: 'transient', reason: 'circuit open' };
      throw error;
    } finally {
      this.probing = false;
    }
  }
}
