import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootDirectory } from '../paths.ts';

export const dockerfilePath = 'deploy/docker/Dockerfile';

export type Instruction = { name: string; text: string };
export type Stage = { name: string; from: string; instructions: Instruction[] };

/** The stages of a Dockerfile without heredocs, arguments of the image names filled in. */
export function parseDockerfile(text: string): Stage[] {
  const stages: Stage[] = [];
  const defaults = new Map<string, string>();
  const lines = text.replace(/\\\n/g, ' ').split('\n').map((line) => line.trim());
  for (const line of lines.filter((line) => line !== '' && !line.startsWith('#'))) {
    const [, name = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (name === '') throw new Error(`not an instruction: ${line}`);
    if (name === 'FROM') {
      const [, image = '', stage = ''] = /^(\S+)(?:\s+AS\s+(\S+))?$/.exec(rest) ?? [];
      stages.push({ name: stage, from: image.replace(/\$\{(\w+)\}/g, (_, argument: string) => defaults.get(argument) ?? ''), instructions: [] });
    } else if (stages.length === 0) {
      const [argument = '', value = ''] = rest.split('=');
      defaults.set(argument, value);
    } else stages.at(-1)!.instructions.push({ name, text: rest });
  }
  return stages;
}

export const dockerfile = (): Stage[] => parseDockerfile(readFileSync(join(rootDirectory, dockerfilePath), 'utf8'));

/** What a target is made of, from its base on: a stage's own instructions after those of the stage it is built on. */
export function withBase(stages: Stage[], target: string): Instruction[] {
  const stage = stages.find(({ name }) => name === target);
  if (!stage) return [];
  return [...withBase(stages, stage.from), ...stage.instructions];
}

/** What a target says once: the last of these instructions. */
export function lastOf(instructions: Instruction[], name: string): string | undefined {
  return instructions.findLast((instruction) => instruction.name === name)?.text;
}

export function environmentOf(instructions: Instruction[]): Record<string, string> {
  const pairs = instructions.filter(({ name }) => name === 'ENV').flatMap(({ text }) => text.split(/\s+/));
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}

export type Copy = { from: string | undefined; sources: string[]; destination: string };

export function parseCopy(text: string): Copy {
  const words = text.split(/\s+/);
  const from = words[0]?.startsWith('--from=') ? words.shift()!.slice('--from='.length) : undefined;
  const destination = words.pop() ?? '';
  return { from, sources: words, destination };
}
