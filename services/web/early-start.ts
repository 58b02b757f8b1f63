import type { HtmlTagDescriptor, Plugin } from 'vite';

/**
 * What the entry imports dynamically beside the texts, `start.tsx`, begins to load as the document does: the entry is
 * small and would otherwise have to arrive first.
 */
export function earlyStart(): Plugin {
  return {
    name: 'early-start',
    apply: 'build',
    transformIndexHtml: (_html, { bundle = {}, chunk: entry }) => {
      const chunkOf = (fileName: string) => {
        const output = bundle[fileName];
        return output?.type === 'chunk' ? output : undefined;
      };
      const atOnce = entry ? [entry.fileName, ...entry.imports] : [];
      const later = atOnce.flatMap((fileName) => chunkOf(fileName)?.dynamicImports ?? []);
      const start = later.find((fileName) => chunkOf(fileName)?.moduleIds.some((id) => id.endsWith('/src/start.tsx')));
      if (!start) throw new Error('the entry imports no start.tsx');
      const scripts = new Set([start, ...(chunkOf(start)?.imports ?? [])].filter((fileName) => !atOnce.includes(fileName)));
      const styles = new Set([...scripts].flatMap((fileName) => [...(chunkOf(fileName)?.viteMetadata?.importedCss ?? [])]));
      const link = (rel: string) => (fileName: string): HtmlTagDescriptor => ({ tag: 'link', attrs: { rel, crossorigin: true, href: `/${fileName}` }, injectTo: 'head' });
      return [...[...scripts].map(link('modulepreload')), ...[...styles].map(link('stylesheet'))];
    },
  };
}
