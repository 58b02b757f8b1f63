import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

/** Less than a packet: compressing it makes nothing faster. */
const worthwhileBytes = 1000;

/**
 * Writes `.br` and `.gz` beside every script and style sheet, so that the gateway can send them compressed without
 * spending time on it at each request (@fastify/static: `preCompressed: true`). Reads the written files: Vite still
 * changes chunks after `generateBundle`.
 */
export function compressed(): Plugin {
  return {
    name: 'compressed-files',
    apply: 'build',
    async writeBundle({ dir = '' }, bundle) {
      const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
      for (const fileName of Object.keys(bundle).filter((name) => /\.(js|css)$/.test(name))) {
        const path = join(dir, fileName);
        const content = await readFile(path);
        if (content.length < worthwhileBytes) continue;
        await writeFile(`${path}.br`, brotliCompressSync(content, { params }));
        await writeFile(`${path}.gz`, gzipSync(content, { level: 9 }));
      }
    },
  };
}
