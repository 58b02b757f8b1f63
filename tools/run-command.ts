import { spawn, type ChildProcess } from 'node:child_process';
import { rootDirectory } from './paths.ts';
import { endProcess, markProcess } from './stack/processes.ts';

export type CommandResult = { code: number; output: string };

const running = new Set<ChildProcess>();
let refusing = false;

/** Runs a program of the checkout to its end and keeps what it printed. */
export function runCommand(command: string, args: readonly string[], environment: NodeJS.ProcessEnv = process.env): Promise<CommandResult> {
  if (refusing) return Promise.resolve({ code: 143, output: 'broken off' });
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: rootDirectory, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const end = (code: number) => {
      running.delete(child);
      resolve({ code, output });
    };
    child.on('error', (error) => {
      output += error.message;
      end(127);
    });
    child.on('close', (code, signal) => end(code ?? (signal ? 143 : 1)));
  });
}

/** For what is broken off: ends every program that runs. */
export async function endRunningCommands(): Promise<void> {
  await Promise.all([...running].map((child) => child.pid && endProcess(markProcess(child.pid), 'SIGTERM', 5_000)));
}

/** From now on nothing new is started. */
export function refuseCommands(): void {
  refusing = true;
}
