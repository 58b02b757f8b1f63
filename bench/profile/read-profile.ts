import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { relative, resolve, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rootDirectory } from '../harness.ts';

type CallFrame = { functionName: string; url: string; lineNumber: number; columnNumber: number };
/** As V8 writes it: times in microseconds of the machine's monotonic clock. */
type CpuProfile = { nodes: { id: number; callFrame: CallFrame; children?: number[] }[]; startTime: number; samples: number[]; timeDeltas: number[] };
type Place = { name: string; owner: string; ours: boolean };

export type Shares = Record<string, number>;
/** Milliseconds a flow, without those at rest. `self`: in a function's own code; `total`: with what it calls before it returns or awaits. */
export type Summary = { busyMs: number; packages: { name: string; selfMs: number; totalMs: number }[]; functions: Shares; ours: Shares };

const native = ['(program)', '(garbage collector)', '(idle)', '(root)'];

/** What one process did between two moments, by package and by function, told from its profile with the bundle's source map. */
export function readProfile(file: string, fromMs: number, untilMs: number, flows: number): Summary {
  const profile = JSON.parse(readFileSync(file, 'utf8')) as CpuProfile;
  const placeOf = places();
  const nodes = new Map(profile.nodes.map((node) => [node.id, { place: placeOf(node.callFrame), parent: 0 }]));
  for (const { id, children = [] } of profile.nodes) for (const child of children) nodes.get(child)!.parent = id;
  const [packageSelf, packageTotal, functionSelf, oursTotal] = Array.from({ length: 4 }, () => new Map<string, number>()) as [Sums, Sums, Sums, Sums];
  let busy = 0;
  let at = profile.startTime;
  profile.samples.forEach((sample, index) => {
    const delta = profile.timeDeltas[index] ?? 0;
    at += delta;
    const { place } = nodes.get(sample)!;
    if (at < fromMs * 1000 || at > untilMs * 1000 || place.name === '(idle)') return;
    busy += delta;
    add(packageSelf, place.owner, delta);
    add(functionSelf, `${place.name} ${place.owner}`.trim(), delta);
    const seen = new Set<string>();
    for (let id = sample; id !== 0; id = nodes.get(id)!.parent) {
      const { name, owner, ours } = nodes.get(id)!.place;
      once(seen, owner, () => add(packageTotal, owner, delta));
      if (ours) once(seen, `${name} ${owner}`, () => add(oursTotal, `${name} ${owner}`, delta));
    }
  });
  const perFlow = (micros: number) => Math.round(micros / flows / 10) / 100;
  const top = (sums: Sums, count: number): Shares => Object.fromEntries([...sums].sort(([, one], [, other]) => other - one).slice(0, count).map(([name, micros]) => [name, perFlow(micros)]));
  const packages = Object.entries(top(packageSelf, 20)).map(([name, selfMs]) => ({ name, selfMs, totalMs: perFlow(packageTotal.get(name) ?? 0) }));
  return { busyMs: perFlow(busy), packages, functions: top(functionSelf, 25), ours: top(oursTotal, 25) };
}

type Sums = Map<string, number>;
const add = (sums: Sums, name: string, micros: number) => void sums.set(name, (sums.get(name) ?? 0) + micros);

function once(seen: Set<string>, name: string, work: () => void): void {
  if (seen.has(name)) return;
  seen.add(name);
  work();
}

function places(): (frame: CallFrame) => Place {
  const maps = new Map<string, SourceMap | undefined>();
  return ({ functionName, url, lineNumber, columnNumber }) => {
    const name = functionName || '(anonymous)';
    if (url.startsWith('node:')) return { name, owner: url, ours: false };
    if (!url.startsWith('file:')) return { name, owner: native.includes(name) ? '' : 'V8', ours: false };
    const bundle = fileURLToPath(url);
    if (!maps.has(bundle)) maps.set(bundle, mapOf(bundle));
    const entry = maps.get(bundle)?.findEntry(lineNumber, columnNumber);
    // What the bundler adds itself has no source.
    const original = entry && 'originalSource' in entry ? (entry.originalSource as string | null | undefined) : undefined;
    const source = resolve(dirname(bundle), original ?? bundle);
    const packaged = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1];
    return { name, owner: packaged ?? relative(rootDirectory, source), ours: packaged === undefined };
  };
}

function mapOf(bundle: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${bundle}.map`, 'utf8')));
  } catch {
    return undefined; // Not of ours: a package that lies outside of the bundle.
  }
}
