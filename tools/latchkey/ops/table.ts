import { printable } from '@latchkey/platform';

type Cell = string | number | null | undefined;

/** Lines of a table with as wide columns as they need; numbers stand to the right, what is not known is a dash. */
export function tableLines(titles: readonly string[], rows: readonly (readonly Cell[])[]): string[] {
  const texts = [titles, ...rows.map((row) => row.map((cell) => (cell === null || cell === undefined || cell === '' ? '–' : printable(String(cell)))))];
  const widths = titles.map((_, column) => Math.max(...texts.map((row) => row[column]?.length ?? 0)));
  const isNumber = titles.map((_, column) => rows.length > 0 && rows.every((row) => row[column] === null || row[column] === undefined || typeof row[column] === 'number'));
  const padded = (text: string, column: number) => (isNumber[column] ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0));
  return texts.map((row) => row.map(padded).join('  ').trimEnd());
}
