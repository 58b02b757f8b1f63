import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readmeWithSettings } from './generate.ts';
import { rootDirectory } from './paths.ts';

it('the table of settings in the README is the one of the code', () => {
  const readme = readFileSync(join(rootDirectory, 'README.md'), 'utf8');
  expect(readmeWithSettings(readme), 'run npm run generate').toBe(readme);
});
