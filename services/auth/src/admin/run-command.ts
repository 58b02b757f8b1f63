import { parseArgs } from 'node:util';
import { connectRedis, readConfig, type RedisClient, SealingKeys, WrongSettings } from '@latchkey/platform';
import { Refusal } from '@latchkey/contracts';
import { authSettings } from '../config.ts';
import { authDatabase } from '../database.ts';
import { authLogger } from '../start-service.ts';
import type { Command, CommandArguments } from './command.ts';
import { CommandFailure } from './command-failure.ts';
import { commands } from './commands.ts';

// A command needs no broker, and Redis only when it says so.
const commandSettings = authSettings.pick({ LATCHKEY_DATABASE_URL: true, LATCHKEY_SEALING_KEYS: true, LATCHKEY_LOG_LEVEL: true });
const linkSettings = authSettings.pick({ LATCHKEY_PUBLIC_URL: true });
const cacheSettings = authSettings.pick({ LATCHKEY_REDIS_URL: true });

/** Runs one command to its end. Exit code 0: done; 1: it could not be done; 2: it was asked for wrongly. */
export async function runCommand(name: string, args: string[]): Promise<number> {
  const command = commands[name];
  try {
    if (!command) throw new CommandFailure(`There is no command "${name}". There are: ${Object.keys(commands).join(', ')}.`, 2);
    const given = readArguments(name, command, args);
    if (given === 'help') say(helpOf(name, command));
    else await run(command, given);
    return 0;
  } catch (error) {
    process.stderr.write(`${describe(error)}\n`);
    return error instanceof CommandFailure ? error.exitCode : 1;
  }
}

async function run(command: Command, given: CommandArguments): Promise<void> {
  const settings = readConfig(commandSettings);
  const logger = authLogger(settings);
  let cache: RedisClient | undefined;
  const database = authDatabase(settings.LATCHKEY_DATABASE_URL);
  await database.initialize().catch((error: Error) => {
    throw new CommandFailure(`The database does not answer: ${error.message}`);
  });
  try {
    const redis = () => (cache ??= connectRedis(readConfig(cacheSettings).LATCHKEY_REDIS_URL, logger));
    const publicUrl = () => readConfig(linkSettings).LATCHKEY_PUBLIC_URL;
    await command.run({ database, publicUrl, sealing: new SealingKeys(settings.LATCHKEY_SEALING_KEYS), redis, logger, say }, given);
  } finally {
    await database.destroy();
    cache?.disconnect();
  }
}

function readArguments(name: string, command: Command, args: string[]): CommandArguments | 'help' {
  try {
    const { values, positionals } = parseArgs({ args, options: { ...command.options, help: { type: 'boolean', short: 'h' } }, allowPositionals: true });
    if (values['help']) return 'help';
    const { least, most } = command.names ?? { least: 0, most: 0 };
    if (positionals.length < least || positionals.length > most) throw new CommandFailure(usageOf(name, command), 2);
    return { options: values as Record<string, string | undefined>, names: positionals };
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    throw new CommandFailure(`${(error as Error).message}\n${usageOf(name, command)}`, 2);
  }
}

const say = (text: string) => void process.stdout.write(`${text}\n`);
const usageOf = (name: string, { usage }: Command) => `Usage: latchkey ${name} ${usage}`.trim();
const helpOf = (name: string, command: Command) => `${usageOf(name, command)}\n\n${command.summary}`;

function describe(error: unknown): string {
  if (error instanceof CommandFailure || error instanceof WrongSettings) return error.message;
  if (error instanceof Refusal) return error.details.issues?.map(({ path, message }) => `${path} ${message}`).join('\n') ?? error.details.detail ?? error.code;
  return (error as Error).stack ?? String(error);
}
