import { assurance as assurances, type ErrorCode, Refusal } from '@latchkey/contracts';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

// Counted from the start on: what appears with its first failure has not grown.
const usualRefusals: ErrorCode[] = ['invalid_credentials', 'locked', 'too_many_requests', 'unavailable', 'internal_error'];
const usualCodeRefusals: ErrorCode[] = ['wrong_code', 'code_expired', 'attempt_over', 'locked', 'unavailable', 'internal_error'];

const secondsBuckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** An error code of the closed union, or a fault. */
const wordOf = (error: unknown): string => (error instanceof Refusal ? error.code : 'internal_error');

/** What an operator sees of logins and of the password hashes, which bound how many there can be. */
export class AuthMetrics {
  private readonly logins: Counter<'outcome' | 'assurance'>;
  private readonly codes: Counter<'purpose' | 'outcome'>;
  private readonly hashing: Histogram;
  private readonly shed: Counter;
  private readonly registers: Registry[];

  constructor(registry: Registry) {
    const registers = (this.registers = [registry]);
    this.logins = new Counter({ name: 'latchkey_logins_total', help: 'Logins by outcome, an error code where it was refused, and by the assurance of the session', labelNames: ['outcome', 'assurance'], registers });
    this.codes = new Counter({ name: 'latchkey_login_codes_total', help: 'Codes entered, by what they were: right, or an error code', labelNames: ['purpose', 'outcome'], registers });
    this.hashing = new Histogram({ name: 'latchkey_password_hash_seconds', help: 'How long a password takes to be hashed once it is its turn', buckets: secondsBuckets, registers });
    this.shed = new Counter({ name: 'latchkey_password_hashes_shed_total', help: 'Passwords refused because they would have waited too long', registers });
    for (const assurance of assurances.options) this.logins.inc({ outcome: 'signed_in', assurance }, 0);
    for (const outcome of ['code_required', ...usualRefusals]) this.logins.inc({ outcome, assurance: 'none' }, 0);
    for (const purpose of ['verify', 'reset']) for (const outcome of ['right', ...usualCodeRefusals]) this.codes.inc({ purpose, outcome }, 0);
  }

  /** `none`: no session came of it. */
  login(outcome: 'signed_in' | 'code_required', assurance = 'none'): void {
    this.logins.inc({ outcome, assurance });
  }

  loginRefused(error: unknown): void {
    this.logins.inc({ outcome: wordOf(error), assurance: 'none' });
  }

  codeRight(purpose: 'verify' | 'reset'): void {
    this.codes.inc({ purpose, outcome: 'right' });
  }

  codeRefused(purpose: 'verify' | 'reset', error: unknown): void {
    this.codes.inc({ purpose, outcome: wordOf(error) });
  }

  hashed(ms: number): void {
    this.hashing.observe(ms / 1_000);
  }

  hashShed(): void {
    this.shed.inc();
  }

  watchHashQueue(count: () => { waiting: number; running: number }): void {
    new Gauge({
      name: 'latchkey_password_hashes',
      help: 'Passwords that wait to be hashed, and those being hashed',
      labelNames: ['state'],
      registers: this.registers,
      collect() {
        const { waiting, running } = count();
        this.set({ state: 'waiting' }, waiting);
        this.set({ state: 'running' }, running);
      },
    });
  }
}
