import type { PartName } from './instance.ts';

/** RabbitMQ, Redis or Postgres of one instance, wherever it comes from; usable from any process that knows the instance. */
export interface BackingPart {
  readonly name: PartName;
  /** With credentials: an administrator's in the case of Postgres. */
  readonly url: string;
  start(): Promise<void>;
  /** In good order, nothing lost. */
  stop(): Promise<void>;
  /** As a crash would end it: SIGKILL. */
  kill9(): Promise<void>;
  isReady(): Promise<boolean>;
}

/** The URL, or several of them, without passwords, for messages. */
export function withoutPassword(url: string): string {
  return url.replace(/([a-z]+:\/\/[^:@/]*):[^@]*@/gi, '$1:***@');
}
