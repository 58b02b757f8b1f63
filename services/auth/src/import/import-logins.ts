import type { SealingKeys } from '@latchkey/platform';
import type { DataSource } from 'typeorm';
import { type CheckedLine, checkLine, RefusedLine } from './check-line.ts';
import { type ImportFormat, readLines } from './read-lines.ts';
import { storeLogins } from './store-logins.ts';

/** Of one run: `lines` were read, and each was imported, there already, or refused. */
export type ImportCounts = { lines: number; imported: number; alreadyThere: number; refused: number };

export type Import = {
  path: string;
  format: ImportFormat;
  providerId: string;
  /** Told of every refused line, with its number in the file. */
  report: (line: number, reason: string) => Promise<void> | void;
  /** Told of the keys of login names that are in with an address and without a password. */
  withoutPassword?: (keys: string[]) => void;
  progress?: (counts: Readonly<ImportCounts>) => void;
  /** Ends between two batches: what is in stays, and the rest comes with the next run. */
  signal?: AbortSignal;
};

// Large enough that round trips do not matter, small enough for the database's statement timeout on a busy machine.
const batchSize = 1_000;

/** Streams a file of logins into the database, holding a batch at a time. Run again, it adds what is not there yet. */
export async function importLogins(database: DataSource, sealing: SealingKeys, { path, format, providerId, report, withoutPassword, progress, signal }: Import): Promise<ImportCounts> {
  const counts: ImportCounts = { lines: 0, imported: 0, alreadyThere: 0, refused: 0 };
  const refuse = async (line: number, reason: string) => {
    counts.refused += 1;
    await report(line, reason);
  };
  const store = async (batch: CheckedLine[]) => {
    const { imported, alreadyThere, refused, withoutPassword: keys } = await storeLogins(database, sealing, providerId, batch);
    withoutPassword?.(keys);
    counts.imported += imported;
    counts.alreadyThere += alreadyThere;
    for (const { line, reason } of refused) await refuse(line, reason);
    progress?.(counts);
  };

  let batch: CheckedLine[] = [];
  for await (const read of readLines(path, format)) {
    counts.lines += 1;
    const checked = 'problem' in read ? new RefusedLine(read.problem) : checkedOrRefused(read.line, read.values);
    if (checked instanceof RefusedLine) await refuse(read.line, checked.message);
    else batch.push(checked);
    if (batch.length < batchSize) continue;
    await store(batch);
    batch = [];
    if (signal?.aborted) return counts;
  }
  await store(batch);
  return counts;
}

function checkedOrRefused(...line: Parameters<typeof checkLine>): CheckedLine | RefusedLine {
  try {
    return checkLine(...line);
  } catch (error) {
    if (error instanceof RefusedLine) return error;
    throw error;
  }
}
