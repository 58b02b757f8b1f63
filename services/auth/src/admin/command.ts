import type { Logger, RedisClient, SealingKeys } from '@latchkey/platform';
import type { ParseArgsOptionsConfig } from 'node:util';
import type { DataSource } from 'typeorm';

/** What a command works on. Redis is connected to when it is first asked for. */
export type CommandParts = {
  database: DataSource;
  sealing: SealingKeys;
  redis: () => RedisClient;
  /** Where links of messages lead. */
  publicUrl: () => string;
  logger: Logger;
  /** For the person at the terminal. */
  say: (text: string) => void;
};

export type CommandArguments = { options: Record<string, string | undefined>; names: string[] };

/** Work that ends by itself, beside the running service. */
export type Command = {
  /** After the command's name: `<file> [--provider <id>]`. */
  usage: string;
  /** One line. */
  summary: string;
  options?: ParseArgsOptionsConfig;
  /** How many arguments without a dash it takes. */
  names?: { least: number; most: number };
  run(parts: CommandParts, given: CommandArguments): Promise<void>;
};
