import type { Logger } from '@latchkey/platform';
import { Counter, type Registry } from 'prom-client';
import type { TextedNumber } from './texted-number.ts';

/** Tells the operator of numbers that are texted to and whose codes nobody enters: somebody earns by the texts (norm 29). */
export class PrefixAlarm {
  private readonly logger: Logger;
  private readonly refused: Counter<'country'>;

  constructor(logger: Logger, registry: Registry) {
    this.logger = logger;
    this.refused = new Counter({
      name: 'latchkey_codes_not_entered_refused_total',
      help: 'Texts refused because the codes of numbers that begin alike are not being entered',
      labelNames: ['country'],
      registers: [registry],
    });
  }

  /** One line in the log when a prefix is blocked; the count goes on with every text that is refused. */
  refusedText({ country, prefix }: TextedNumber, seen: { texts: number; entered: number; first: boolean; waitMs: number }): void {
    this.refused.inc({ country });
    if (!seen.first) return;
    const { texts, entered, waitMs } = seen;
    this.logger.warn({ prefix, country, texts, entered, opensInSeconds: Math.ceil(waitMs / 1000) }, 'texts to numbers that begin like this are blocked: their codes are not being entered');
  }
}
