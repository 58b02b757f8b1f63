import { closeSync, openSync, readSync, statSync } from 'node:fs';

const warnLevel = 40;

/** Follows a log file of one JSON object a line (pino) and reports what somebody should see. */
export class LogWatch {
  readonly #file: string;
  readonly #report: (line: string) => void;
  #offset = 0;
  #rest = '';

  constructor(file: string, report: (line: string) => void) {
    this.#file = file;
    this.#report = report;
  }

  /** Reads what was added since the last time. */
  poll(): void {
    let size: number;
    try {
      size = statSync(this.#file).size;
    } catch {
      return;
    }
    if (size < this.#offset) this.#offset = 0;
    if (size === this.#offset) return;
    const buffer = Buffer.alloc(Math.min(size - this.#offset, 1_000_000));
    const descriptor = openSync(this.#file, 'r');
    try {
      this.#offset += readSync(descriptor, buffer, 0, buffer.length, this.#offset);
    } finally {
      closeSync(descriptor);
    }
    const lines = (this.#rest + buffer.toString('utf8')).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const worth = worthShowing(line);
      if (worth !== undefined) this.#report(worth);
    }
  }
}

/** The readable form of a warning, an error, or anything that is no log line at all (a stack trace, for example). */
export function worthShowing(line: string): string | undefined {
  if (line.trim() === '') return undefined;
  if (!line.startsWith('{')) return line;
  try {
    const entry = JSON.parse(line) as { level?: number | string; msg?: string; err?: { message?: string }; reason?: string };
    const level = typeof entry.level === 'number' ? entry.level : ({ warn: 40, error: 50, fatal: 60 }[String(entry.level)] ?? 30);
    if (level < warnLevel) return undefined;
    const details = entry.err?.message ?? entry.reason;
    return [entry.msg, details].filter(Boolean).join(': ');
  } catch {
    return line;
  }
}
