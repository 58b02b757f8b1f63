import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { connectRedis, createLogger, type RedisClient, SealingKeys } from '@latchkey/platform';
import { testPostgres, testRedis } from '@latchkey/testing';
import type { DataSource } from 'typeorm';
import { authDatabase } from '../../database.ts';
import { commands } from '../commands.ts';

/** Commands on a real database and cache of this file's own. */
export class CommandUnderTest {
  readonly sealing = new SealingKeys(`k1:${randomBytes(32).toString('base64')}`);

  private constructor(
    readonly database: DataSource,
    readonly redis: RedisClient,
    readonly databaseUrl: string,
    private readonly closers: (() => Promise<unknown>)[],
  ) {}

  static async start({ redisUrl }: { redisUrl?: string } = {}): Promise<CommandUnderTest> {
    const [postgres, cache] = await Promise.all([testPostgres({ schema: 'auth' }), testRedis()]);
    const database = await authDatabase(postgres.url).initialize();
    await database.runMigrations({ transaction: 'all' });
    const redis = connectRedis(redisUrl ?? cache.url, createLogger('test', 'fatal'));
    return new CommandUnderTest(database, redis, postgres.url, [() => database.destroy(), async () => redis.disconnect(), () => postgres.drop(), () => cache.release()]);
  }

  async stop(): Promise<void> {
    for (const close of this.closers) await close();
  }

  /** What the command said. */
  async run(name: string, ...args: string[]): Promise<string> {
    const command = commands[name];
    if (!command) throw new Error(`no command ${name}`);
    const { values, positionals } = parseArgs({ args, options: command.options ?? {}, allowPositionals: true });
    const said: string[] = [];
    const parts = { database: this.database, sealing: this.sealing, redis: () => this.redis, publicUrl: () => 'https://login.example', logger: createLogger('test', 'fatal'), say: (text: string) => said.push(text) };
    await command.run(parts, { options: values as Record<string, string | undefined>, names: positionals });
    return said.join('\n');
  }

  async addProvider(name = 'Demo Security'): Promise<string> {
    return this.run('create-provider', '--name', name);
  }

  query<T = any>(sql: string, parameters: unknown[] = []): Promise<T[]> {
    return this.database.query<T[]>(sql, parameters);
  }
}
