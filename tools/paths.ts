import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const rootDirectory = dirname(dirname(fileURLToPath(import.meta.url)));

/** Git-ignored: everything that running or testing Latchkey here leaves behind. */
export const privateDirectory = join(rootDirectory, '.latchkey');
