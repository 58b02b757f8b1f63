import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventRegistry, requestRegistry } from '@latchkey/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rootDirectory } from '../paths.ts';
import { keepSamples, keptSamples, samplesOfTheCode } from './message-samples.ts';

const registry: Record<string, { version: number; payload: { safeParse(value: unknown): { success: boolean; error?: unknown } } }> = { ...eventRegistry, ...requestRegistry };
const samples = keptSamples(rootDirectory);

it('each message that the code declares has a kept sample; one without: node tools/recovery/message-samples.ts', () => {
  expect([...samples.keys()]).toEqual([...samplesOfTheCode().keys()]);
});

it.each([...samples])('%s, as the version that published it sends it, is understood today', (_key, { name, payloads }) => {
  expect(payloads.length).toBeGreaterThan(0);
  for (const payload of payloads) expect(registry[name]?.payload.safeParse(payload).error, JSON.stringify(payload)).toBeUndefined();
});

it('what a later version adds is passed over, and what is missing is refused: the samples do tell', () => {
  const { payloads } = samples.get('v1/code.issue') ?? { payloads: [] };
  const [payload] = payloads as Record<string, unknown>[];
  const parse = (value: unknown) => registry['code.issue']?.payload.safeParse(value).success;
  const { loginId: _, ...without } = payload ?? {};
  expect([parse(payload), parse({ ...payload, later: 1 }), parse(without), parse({ ...payload, channel: 'pigeon' })]).toEqual([true, true, false, false]);
});

describe('keeping samples, in a copy', () => {
  const folder = 'libs/contracts/samples';
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'latchkey-samples-'));
    cpSync(join(rootDirectory, folder), join(root, folder), { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true }));
  const path = (key: string) => join(root, folder, `${key}.json`);

  it('never changes one that was published, asked for by name or not', () => {
    writeFileSync(path('v1/code.used'), '{"published": true}');
    expect(keepSamples(root)).toEqual([]);
    expect(() => keepSamples(root, ['v1/code.used'])).toThrow('was published and stays as it is');
    expect(readFileSync(path('v1/code.used'), 'utf8')).toBe('{"published": true}');
  });

  it('adds what is missing, and nothing for a name that nobody declares', () => {
    copyFileSync(path('v1/code.used'), path('v1/code.issue'));
    rmSync(path('v1/code.used'));
    expect(keepSamples(root)).toEqual(['v1/code.used']);
    expect(() => keepSamples(root, ['v1/code.pigeon'])).toThrow('Nobody declares v1/code.pigeon');
  });
});
