import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../../templates/', import.meta.url);

/**
 * Every file of services/delivery/templates by its name: the layouts and one file for each language. Read from disk where
 * the sources run; the bundler puts what this reads into the bundle instead (rolldown.config.mjs), which then needs no
 * files beside it.
 */
export const templateFiles: Readonly<Record<string, string>> = Object.fromEntries(
  readdirSync(folder)
    .sort()
    .map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]),
);
