import type { DataSource } from 'typeorm';
import { CommandFailure } from './command-failure.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The provider that was named; the only one there is, when none was. */
export async function chooseProvider(database: DataSource, named: string | undefined): Promise<{ id: string; name: string }> {
  if (named !== undefined && !uuid.test(named)) throw new CommandFailure('--provider takes the id of a provider, a UUID.', 2);
  const [first, ...others] = await database.query<{ id: string; name: string }[]>('SELECT id, name FROM providers WHERE $1::uuid IS NULL OR id = $1 ORDER BY name LIMIT 20', [named ?? null]);
  if (!first) throw new CommandFailure(named === undefined ? 'There is no provider yet: latchkey create-provider makes one.' : `There is no provider ${named}.`);
  if (others.length > 0) throw new CommandFailure(`There are several providers; say which with --provider:\n${[first, ...others].map(({ id, name }) => `  ${id}  ${name}`).join('\n')}`, 2);
  return first;
}
