import { readFileSync } from 'node:fs';
import { startSystem } from '@latchkey/tools';

/** Resident memory of each service at rest, in MB. */
export async function benchMemory(): Promise<void> {
  const system = await startSystem({ instance: 'bench-memory', ports: 'free', quiet: true, throwAway: true });
  try {
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    const rows = Object.values(system.services).map(({ name, pid }) => {
      const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
      return { process: name as string, 'resident MB': Math.round(kilobytes / 1024) };
    });
    rows.push({ process: 'all', 'resident MB': rows.reduce((sum, row) => sum + row['resident MB'], 0) });
    console.table(rows);
  } finally {
    await system.stop();
  }
}
