import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootDirectory } from '../paths.ts';
import { databaseOwners, type DatabaseOwner } from '../stack/databases.ts';
import type { Recorded } from './recorded-statements.ts';

/** Where the service of each schema lies. */
export const folders: Record<DatabaseOwner, string> = { auth: 'services/auth', codes: 'services/code-issuance', delivery: 'services/delivery', devices: 'services/device-trust' };
const ownerOf = new Map(databaseOwners.map((owner) => [folders[owner].replace('services/', 'latchkey-'), owner]));

/** Begins each entry of the log; the name of the application follows. */
export const logMark = '~latchkey~';

const byTypeOrm = /\bmigrations\b|information_schema|current_schema\(|version\(\)/;

/** What the services asked, each statement once. Continued lines of the log begin with a tab. */
export function readStatements(log: string): Recorded {
  const recorded = Object.fromEntries(databaseOwners.map((owner) => [owner, new Map<string, string>()])) as Record<DatabaseOwner, Map<string, string>>;
  const [outbox = ''] = textsOf('libs/messaging/src');
  const texts = Object.fromEntries(databaseOwners.map((owner) => [owner, textsOf(folders[owner])])) as Record<DatabaseOwner, [string, string]>;
  for (const entry of log.split(`\n${logMark}`)) {
    const [, application = '', statement = ''] = /^([^~]*)~LOG: {2}(?:execute [^:]*|statement): ([\s\S]*)$/.exec(entry) ?? [];
    const owner = ownerOf.get(application);
    if (owner === undefined || !/^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b/i.test(statement)) continue;
    // A partition of some day or month is there for as long as its time; the default one has its shape for ever.
    const whole = statement.replaceAll('\n\t', '\n').replace(/\b([a-z]+)_\d{6,8}\b/g, '$1_default').trim();
    const key = singleSpaced(whole).replace(/'\d{4}-\d\d-\d\dT[^']*'/g, `''`);
    // Tests and migrations ask through the same connections: what one of them begins counts only if the service does too.
    // What neither begins was put together by the service.
    const [own, others] = texts[owner];
    const begins = key.slice(0, 40).split(/\$\d/)[0] ?? '';
    if (!(own + outbox).includes(begins) && (others.includes(begins) || byTypeOrm.test(key))) continue;
    recorded[owner].set(key, dedented(whole));
  }
  return Object.fromEntries(databaseOwners.map((owner) => [owner, [...recorded[owner]].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, text]) => text)])) as Recorded;
}

const singleSpaced = (text: string) => text.replace(/\s+/g, ' ').trim();

/** The sources that run in a service, and the tests and migrations beside them. */
function textsOf(folder: string): [string, string] {
  const files = readdirSync(join(rootDirectory, folder), { recursive: true, encoding: 'utf8' }).filter((file) => /^(src|migrations)\/.*\.ts$|^[^/]+\.ts$/.test(file));
  const isOther = (file: string) => /\.test\.ts$|(^|\/)(testing|migrations)\//.test(file);
  const textIn = (those: string[]) => those.map((file) => singleSpaced(readFileSync(join(rootDirectory, folder, file), 'utf8'))).join(' ');
  return [textIn(files.filter((file) => !isOther(file))), textIn(files.filter(isOther))];
}

function dedented(text: string): string {
  const indents = text.split('\n').slice(1).filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  const least = indents.length > 0 ? Math.min(...indents) : 0;
  return text.split('\n').map((line, index) => (index === 0 ? line : line.slice(least)).trimEnd()).join('\n');
}
