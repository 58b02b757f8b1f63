import { SealingKeys } from '@latchkey/platform';
import pg from 'pg';
import { SetupFailure } from '../failure.ts';
import { type Resealed, resealColumn } from './reseal.ts';
import { type ResealedService, sealedColumns } from './sealed-columns.ts';
import { environmentOf } from './settings.ts';
import { readOptions, WrongUsage } from './wrong-usage.ts';

const usage = '[--service auth|code-issuance|delivery|all]';
const names = Object.keys(sealedColumns) as ResealedService[];

/** Seals what the services keep with the current key; afterwards no older one is needed for it. */
export async function resealCommand(args: string[]): Promise<number> {
  const options = readOptions('reseal', usage, args, { service: { type: 'string', default: 'all' } });
  if (options['help']) {
    console.log(`Usage: npx latchkey reseal ${usage}`);
    return 0;
  }
  const asked = names.filter((name) => options['service'] === 'all' || options['service'] === name);
  if (asked.length === 0) throw new WrongUsage(`--service must be ${[...names, 'all'].join(', ')}.`);
  let unopened = 0;
  for (const name of asked) unopened += await resealService(name, asked.length === 1);
  if (unopened === 0) return 0;
  console.error(`${unopened} values are sealed with a key that LATCHKEY_SEALING_KEYS does not hold, or are damaged. They stay as they are.`);
  return 1;
}

/** How many values could not be opened. */
async function resealService(name: ResealedService, alone: boolean): Promise<number> {
  const { process: processName, schema, columns } = sealedColumns[name];
  const environment = environmentOf(processName, { alone });
  const keysText = environment['LATCHKEY_SEALING_KEYS'] ?? '';
  const keys = new SealingKeys(keysText);
  const currentKeyId = keysText.split(':', 1)[0] ?? '';
  const client = new pg.Client({ connectionString: environment['LATCHKEY_DATABASE_URL'], options: `-c search_path=${schema}`, connectionTimeoutMillis: 5_000 });
  await client.connect().catch((error: Error) => {
    throw new SetupFailure(`The database of ${name} does not answer: ${error.message}`);
  });
  try {
    let unopened = 0;
    for (const column of columns) {
      const done = await resealColumn(client, keys, currentKeyId, column, showProgress(`${name}: ${column.table}.${column.column}`));
      console.log(`${name}: ${column.table}.${column.column}: ${describe(done)}, with key ${currentKeyId}`);
      unopened += done.unopened;
    }
    return unopened;
  } finally {
    await client.end();
  }
}

const describe = ({ values, resealed, unopened }: Resealed) => `${values} values, ${resealed} sealed anew${unopened > 0 ? `, ${unopened} not opened` : ''}`;

/** Every ten seconds, for tables that take long. */
function showProgress(what: string): (done: Resealed) => void {
  let shownAt = performance.now();
  return (done) => {
    if (performance.now() - shownAt < 10_000) return;
    shownAt = performance.now();
    console.error(`${what}: ${describe(done)} so far`);
  };
}
