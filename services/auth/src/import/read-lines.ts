import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { type CsvError, parse } from 'csv-parse';
import { CommandFailure } from '../admin/command-failure.ts';

/** The columns of an import, in CSV and in JSON lines. */
export const columns = ['loginName', 'passwordHash', 'emailAddress', 'phoneNumber', 'accountName', 'accountExternalId', 'role', 'locale'] as const;
export type Column = (typeof columns)[number];
export type ImportFormat = 'csv' | 'jsonl';

/** One login of the file, or why its line can't be read. */
export type ReadLine = { line: number; values: Partial<Record<Column, string>> } | { line: number; problem: string };

/** No login is as long; an unclosed quote must not swallow the rest of the file into memory. */
const longestLine = 65_536;

/** Reads a file login by login, never more of it than a few lines at once. */
export function readLines(path: string, format: ImportFormat): AsyncGenerator<ReadLine> {
  return format === 'csv' ? readCsv(path) : readJsonLines(path);
}

async function* readCsv(path: string): AsyncGenerator<ReadLine> {
  const problems: ReadLine[] = [];
  const parser = createReadStream(path).pipe(
    parse({
      bom: true,
      columns: (header: string[]) => checkedColumns(header.map((name) => name.trim())),
      info: true,
      max_record_size: longestLine,
      skip_empty_lines: true,
      skip_records_with_error: true,
      on_skip: (error: CsvError | undefined) => {
        problems.push({ line: Number(error?.['lines'] ?? 0), problem: error?.message ?? 'not a line of CSV' });
        return undefined;
      },
    }),
  );
  for await (const { record, info } of parser as AsyncIterable<{ record: Record<Column, string>; info: { lines: number } }>) {
    yield* problems.splice(0);
    yield { line: info.lines, values: withoutEmpty(record) };
  }
  yield* problems;
}

async function* readJsonLines(path: string): AsyncGenerator<ReadLine> {
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    line += 1;
    if (text.trim() !== '') yield readJsonLine(line, text);
  }
}

function readJsonLine(line: number, text: string): ReadLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { line, problem: 'not JSON' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { line, problem: 'not a JSON object' };
  const entries = Object.entries(value).filter(([, content]) => content !== null);
  const wrong = entries.find(([name, content]) => !(columns as readonly string[]).includes(name) || typeof content !== 'string');
  if (wrong) return { line, problem: `${wrong[0]} ${typeof wrong[1] === 'string' ? 'is not a column of an import' : 'is not a string'}` };
  return { line, values: withoutEmpty(Object.fromEntries(entries) as Record<Column, string>) };
}

function checkedColumns(header: string[]): string[] {
  const unknown = header.filter((name) => !(columns as readonly string[]).includes(name));
  if (unknown.length > 0) throw new CommandFailure(`The first line names columns that are not known: ${unknown.join(', ')}. There are: ${columns.join(', ')}.`);
  if (!header.includes('loginName')) throw new CommandFailure(`The first line has to name the columns, and loginName is not among them. There are: ${columns.join(', ')}.`);
  return header;
}

const withoutEmpty = (record: Partial<Record<Column, string>>) => Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined && value !== '')) as Partial<Record<Column, string>>;
