import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rootDirectory } from '../paths.ts';
import { dockerfile, dockerfilePath, environmentOf, lastOf, parseCopy, parseDockerfile, withBase } from './dockerfile.ts';

const stages = dockerfile();
const read = (path: string) => readFileSync(join(rootDirectory, path), 'utf8');
const targets = ['latchkey', 'inbox'];

it('the base image is pinned to the version of Node.js in .nvmrc, and is a slim one', () => {
  const bases = stages.map(({ from }) => from).filter((from) => stages.every(({ name }) => name !== from));
  expect(new Set(bases)).toEqual(new Set([`node:${read('.nvmrc').trim()}-bookworm-slim`]));
});

it('every stage has a name, and what is built without a target is the image for production', () => {
  expect(stages.every(({ name }) => name !== '')).toBe(true);
  expect(stages.at(-1)?.name).toBe('latchkey');
});

describe.each(targets)('the image %s', (target) => {
  const instructions = withBase(stages, target);

  it('runs as a user that is not root, told by number', () => {
    expect(lastOf(instructions, 'USER')).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  });

  it('has nothing of the build stage but what is copied by name, and runs no command of its own', () => {
    expect(instructions.filter(({ name }) => !['WORKDIR', 'ENV', 'USER', 'COPY', 'ENTRYPOINT', 'CMD'].includes(name))).toEqual([]);
    const copied = instructions.filter(({ name }) => name === 'COPY').map(({ text }) => parseCopy(text));
    for (const { from, sources } of copied) {
      if (from === undefined) expect(sources).toEqual(['package.json']);
      else for (const source of sources) expect(source).toMatch(/^\/src\/(services\/[\w-]+\/(dist(\/main\.js)?|public)|node_modules\/@node-rs)$/);
    }
  });

  it('starts in exec form, so that signals reach the service', () => {
    expect(JSON.parse(lastOf(instructions, 'ENTRYPOINT') ?? '')).toEqual(['node']);
    expect(JSON.parse(lastOf(instructions, 'CMD') ?? '')).toHaveLength(1);
  });

  it('holds no secret in its variables', () => {
    expect(Object.keys(environmentOf(instructions)).filter((name) => /(KEYS?|PASSWORD|SECRET|TOKEN|URL)$/.test(name))).toEqual([]);
  });
});

it('the image for production has no stand-in for the outside world in it', () => {
  expect(withBase(stages, 'latchkey').filter(({ text }) => text.includes('inbox'))).toEqual([]);
});

describe('the build stage', () => {
  const copies = stages.find(({ name }) => name === 'build')!.instructions.filter(({ name }) => name === 'COPY').map(({ text }) => parseCopy(text));

  it('gives npm the package.json of every workspace', () => {
    const workspaces = (JSON.parse(read('package.json')) as { workspaces: string[] }).workspaces.flatMap((pattern) =>
      pattern.endsWith('/*') ? readdirSync(join(rootDirectory, pattern.slice(0, -2))).map((name) => pattern.replace('*', name)) : [pattern],
    );
    expect(copies.flatMap(({ sources }) => sources)).toEqual(expect.arrayContaining(workspaces.map((workspace) => `${workspace}/package.json`)));
  });

  it('copies nothing that its .dockerignore leaves out, and that lets nothing else in', () => {
    const lines = read(`${dockerfilePath}.dockerignore`).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    const allowed = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    const needed = copies.flatMap(({ sources }) => sources).map((source) => (/^(libs|services)\b/.test(source) ? source.split('/')[0]! : source));
    expect(lines[0]).toBe('*');
    expect(new Set(allowed)).toEqual(new Set(needed));
    expect(lines).toEqual(expect.arrayContaining(['**/node_modules', '**/dist']));
  });
});

it('the parser refuses what it does not understand', () => {
  expect(() => parseDockerfile('FROM a AS b\n<<EOF')).toThrow('not an instruction');
});
