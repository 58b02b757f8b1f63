import { createWriteStream, existsSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { type ImportCounts, importLogins } from '../import/import-logins.ts';
import { inviteImported } from '../import/invite-imported.ts';
import type { ImportFormat } from '../import/read-lines.ts';
import { chooseProvider } from './choose-provider.ts';
import type { Command, CommandParts } from './command.ts';
import { CommandFailure } from './command-failure.ts';

/** Customers of a system that Latchkey comes in front of, or instead of, with their password hashes. */
export const importFile: Command = {
  usage: '<file> [--format csv|jsonl] [--provider <id>] [--report <file>] [--invite [--invite-per-minute <count>]]',
  summary: 'Imports logins with their password hashes, and reports the lines it refuses. Run again, it goes on where it was interrupted.',
  options: { format: { type: 'string' }, provider: { type: 'string' }, report: { type: 'string' }, invite: { type: 'boolean' }, 'invite-per-minute': { type: 'string', default: '60' } },
  names: { least: 1, most: 1 },
  async run(parts, { options, names: [path = ''] }) {
    const { database, sealing, say } = parts;
    if (!existsSync(path)) throw new CommandFailure(`There is no file ${path}.`);
    const format = formatOf(path, options['format']);
    const provider = await chooseProvider(database, options['provider']);
    const perMinute = perMinuteOf(options['invite-per-minute'] ?? '60');
    const withoutPassword: string[] = [];
    const report = new Report(options['report'] ?? `${path}.refused.csv`);
    const stop = new AbortController();
    const onSignal = () => stop.abort();
    process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
    const startedAt = performance.now();
    const progress = showProgress(startedAt);
    const counts = await importLogins(database, sealing, { path, format, providerId: provider.id, report: (line, reason) => report.add(line, reason), withoutPassword: (keys) => void withoutPassword.push(...keys), progress, signal: stop.signal });
    await report.close();
    progress(counts, true);
    say(`${counts.imported} imported for ${provider.name}, ${counts.alreadyThere} there already, ${counts.refused} refused${counts.refused > 0 ? ` (${report.path})` : ''}; ${seconds(startedAt)} s`);
    if (options['invite'] && !stop.signal.aborted) await invite(parts, { providerId: provider.id, keys: withoutPassword, perMinute, signal: stop.signal });
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    if (stop.signal.aborted) throw new CommandFailure('Interrupted. Run the same command again: it goes on with what is missing.');
  },
};

async function invite({ database, sealing, publicUrl, say }: CommandParts, { keys, ...inviting }: { providerId: string; keys: string[]; perMinute: number; signal: AbortSignal }): Promise<void> {
  say(`Inviting who has no password yet, ${inviting.perMinute} a minute; the links lead to ${publicUrl()}`);
  const { isTTY } = process.stderr;
  const progress = (invited: number, of: number) => void (isTTY && process.stderr.write(`\r\x1b[K${invited === of ? '' : `${invited} of ${of} invited`}`));
  const invited = await inviteImported(database, sealing, { ...inviting, keys, publicUrl: publicUrl(), progress });
  say(`${invited} invited`);
}

function perMinuteOf(given: string | undefined): number {
  const perMinute = Number(given);
  if (!Number.isInteger(perMinute) || perMinute < 1 || perMinute > 6_000) throw new CommandFailure('--invite-per-minute is a whole number from 1 to 6000.', 2);
  return perMinute;
}

function formatOf(path: string, given: string | undefined): ImportFormat {
  const format = given ?? (/\.(jsonl|ndjson)$/i.test(path) ? 'jsonl' : 'csv');
  if (format !== 'csv' && format !== 'jsonl') throw new CommandFailure('--format must be csv or jsonl.', 2);
  return format;
}

const seconds = (startedAt: number) => ((performance.now() - startedAt) / 1_000).toFixed(1);

/** On a terminal one line that changes; elsewhere a line every ten seconds. */
function showProgress(startedAt: number) {
  const { isTTY } = process.stderr;
  let shownAt = performance.now();
  return ({ lines, imported, alreadyThere, refused }: Readonly<ImportCounts>, last = false) => {
    const now = performance.now();
    if (!last && now - shownAt < (isTTY ? 200 : 10_000)) return;
    shownAt = now;
    const text = `${lines} lines: ${imported} imported, ${alreadyThere} there already, ${refused} refused (${seconds(startedAt)} s)`;
    if (isTTY) process.stderr.write(`\r\x1b[K${last ? '' : text}`);
    else if (!last) process.stderr.write(`${text}\n`);
  };
}

/** The refused lines as CSV: number and reason, and nothing of what the line held. There is no file without one. */
class Report {
  private stream: ReturnType<typeof createWriteStream> | undefined;

  constructor(readonly path: string) {
    rmSync(path, { force: true });
  }

  async add(line: number, reason: string): Promise<void> {
    if (!this.stream) {
      this.stream = createWriteStream(this.path, { mode: 0o600 });
      this.stream.write('line,reason\n');
    }
    if (!this.stream.write(`${line},"${reason.replaceAll('"', '""')}"\n`)) await once(this.stream, 'drain');
  }

  async close(): Promise<void> {
    if (!this.stream) return;
    this.stream.end();
    await finished(this.stream);
  }
}
