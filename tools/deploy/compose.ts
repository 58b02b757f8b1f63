import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { rootDirectory } from '../paths.ts';

export type ComposeService = {
  image: string;
  profiles?: string[];
  command?: string[];
  build?: { dockerfile: string; target: string };
  environment?: Record<string, string>;
  secrets?: string[];
  ports?: string[];
  volumes?: string[];
  container_name?: string;
  restart?: string;
  user?: string;
  read_only?: boolean;
  cap_drop?: string[];
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
  deploy?: { resources: { limits: { cpus: string; memory: string } } };
};
export type ComposeFile = { name: string; services: Record<string, ComposeService>; secrets: Record<string, { file: string }>; volumes: Record<string, unknown> };

export const composeText = (): string => readFileSync(join(rootDirectory, 'docker-compose.yml'), 'utf8');

/** The compose file as Compose sees it: anchors merged, variables replaced by what `environment` has or by their defaults. */
export function composeFile(environment: Record<string, string> = {}): ComposeFile {
  const fill = (text: string) =>
    text.replace(/\$\{(\w+)(?:(:?-)([^}]*))?\}/g, (whole, name: string, how: string | undefined, fallback: string) => {
      const value = environment[name];
      if (how === undefined && value === undefined) throw new Error(`${whole} has neither value nor default`);
      return value === undefined || (how === ':-' && value === '') ? fallback : value;
    });
  return parse(composeText(), (_key, value: unknown) => (typeof value === 'string' ? fill(value) : value), { merge: true }) as ComposeFile;
}

/** The services that run one of our programs, by the folder of the bundle in their command. */
export function programOf(service: ComposeService): string | undefined {
  if (service.build?.target === 'inbox') return 'inbox';
  return /^([\w-]+)\/dist\/main\.js$/.exec(service.command?.[0] ?? '')?.[1];
}
