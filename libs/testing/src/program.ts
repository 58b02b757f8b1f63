import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.ts';

export interface ProgramSettings {
  command: string;
  args: readonly string[];
  /** What its folder, in which it runs, holds as it starts: the text of each file by name. */
  files: Record<string, string>;
  environment?: NodeJS.ProcessEnv;
  isReady: () => Promise<boolean>;
}

/** A program of this machine in a folder of its own, which goes with it. */
export class Program {
  readonly folder: string;
  private readonly process: ChildProcess;

  private constructor(process: ChildProcess, folder: string) {
    this.process = process;
    this.folder = folder;
  }

  /** Throws with all that it said when it ends instead of being ready, or is not ready after 20 s. */
  static async start({ command, args, files, environment, isReady }: ProgramSettings): Promise<Program> {
    const folder = mkdtempSync(join(tmpdir(), `latchkey-${command}-`));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const child = spawn(command, args, { cwd: folder, ...(environment && { env: environment }), stdio: ['ignore', 'pipe', 'pipe'] });
    let log = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (log += chunk.toString()));
    child.on('error', (error) => (log += error.message));
    const program = new Program(child, folder);
    const readyOrEnded = async () => !program.isRunning() || (await isReady());
    try {
      await eventually(readyOrEnded, { timeoutMs: 20_000, what: `${command} to be ready` });
      if (!program.isRunning()) throw new Error(`${command} ended:\n${log}`);
    } catch (error) {
      await program.stop();
      throw error;
    }
    return program;
  }

  private isRunning(): boolean {
    return this.process.pid !== undefined && this.process.exitCode === null && this.process.signalCode === null;
  }

  async stop(): Promise<void> {
    if (this.isRunning()) {
      const ended = once(this.process, 'exit');
      this.process.kill('SIGTERM');
      const late = setTimeout(() => this.process.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(late);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
