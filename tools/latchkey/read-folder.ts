import { resolve } from 'node:path';
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { WrongUsage } from './wrong-usage.ts';

type Read = { folder: string | undefined; options: Record<string, string | boolean | undefined> };

/** The folder that a command works on, and its options; no folder when only help was asked for, which was given. */
export function readFolder(name: string, usage: string, args: string[], options: ParseArgsOptionsConfig): Read {
  const explained = `Usage: npx latchkey ${name} ${usage}`;
  let read: { values: object; positionals: string[] };
  try {
    read = parseArgs({ args, options: { ...options, help: { type: 'boolean', short: 'h' } }, allowPositionals: true });
  } catch (error) {
    throw new WrongUsage(`${(error as Error).message}\n${explained}`);
  }
  const values = read.values as Read['options'];
  if (values['help']) {
    console.log(explained);
    return { folder: undefined, options: values };
  }
  const [folder, ...more] = read.positionals;
  if (folder === undefined || more.length > 0) throw new WrongUsage(explained);
  return { folder: resolve(folder), options: values };
}
