/** Prints what is being done, and how long each step took. */
export type Progress = {
  step<T>(name: string, work: (note: (text: string) => void) => Promise<T>): Promise<T>;
  say(text: string): void;
};

export function secondsSince(startedAt: number): string {
  return `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
}

/** Steps may overlap: each says its name when it starts and its time when it ends. */
export function terminalProgress(): Progress {
  return {
    say: (text) => console.log(text),
    async step(name, work) {
      const startedAt = performance.now();
      console.log(`· ${name}`);
      try {
        const result = await work((text) => console.log(`  … ${name}: ${text} (${secondsSince(startedAt)})`));
        console.log(`✓ ${name} (${secondsSince(startedAt)})`);
        return result;
      } catch (error) {
        console.log(`✗ ${name} (${secondsSince(startedAt)})`);
        throw error;
      }
    },
  };
}

/** For tests: keeps quiet. */
export const silentProgress: Progress = { say: () => undefined, step: (_name, work) => work(() => undefined) };
