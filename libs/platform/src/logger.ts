import type { LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';
import { traceIds } from './tracing.ts';

export type { Logger };

/**
 * JSON lines on standard output. `context` adds the ids of the message being handled to every line, and a process that
 * traces those of the span. Nothing secret is ever handed to a logger; the redaction is a second line of defence.
 */
export function createLogger(service: string, level: string, context: () => object = () => ({})): Logger {
  return pino({
    level,
    base: { service, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: () => ({ ...context(), ...traceIds() }),
    redact: { paths: ['password', 'code', 'secret', 'token', '*.password', '*.code', '*.secret', '*.token', 'err.parameters', 'err.query'], remove: true },
  });
}

/** Nest's own lines through the same logger; its chatter about routes is debug. */
export class NestLogger implements LoggerService {
  private readonly logger: Logger;

  constructor(logger: Logger) {
    this.logger = logger;
  }

  log(message: unknown, ...context: unknown[]): void {
    this.logger.debug({ nest: context.at(-1) }, String(message));
  }

  warn(message: unknown, ...context: unknown[]): void {
    this.logger.warn({ nest: context.at(-1) }, String(message));
  }

  error(message: unknown, ...context: unknown[]): void {
    this.logger.error({ err: message instanceof Error ? message : undefined, nest: context.at(-1) }, message instanceof Error ? message.message : String(message));
  }
}
