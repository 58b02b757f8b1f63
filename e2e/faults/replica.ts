import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { eventually, freePort } from '@latchkey/testing';
import type { ServiceControl } from '@latchkey/tools';

/** A second process of a service, as an operator would add one: the same settings, other ports. */
export class Replica {
  readonly baseUrl: string;
  readonly internalUrl: string;
  private readonly mainFile: string;
  private readonly environment: NodeJS.ProcessEnv;
  private process: ChildProcess | undefined;

  private constructor(mainFile: string, env: Record<string, string>, ports: { http: number; internal: number }) {
    this.mainFile = mainFile;
    this.baseUrl = `http://127.0.0.1:${ports.http}`;
    this.internalUrl = `http://127.0.0.1:${ports.internal}`;
    this.environment = { ...process.env, ...env, LATCHKEY_HTTP_PORT: String(ports.http), LATCHKEY_INTERNAL_PORT: String(ports.internal) };
  }

  static async of({ mainFile, env }: ServiceControl, more: Record<string, string> = {}, withinMs = 30_000): Promise<Replica> {
    const replica = new Replica(mainFile, { ...env, ...more }, { http: await freePort(), internal: await freePort() });
    await replica.start(withinMs);
    return replica;
  }

  get pid(): number | undefined {
    return this.process?.pid;
  }

  async isReady(): Promise<boolean> {
    return fetch(`${this.internalUrl}/health/ready`, { signal: AbortSignal.timeout(1_000) }).then(({ ok }) => ok, () => false);
  }

  async start(withinMs = 30_000): Promise<void> {
    this.process = spawn(process.execPath, [this.mainFile], { env: this.environment, stdio: 'ignore' });
    await eventually(() => this.isReady(), { timeoutMs: withinMs, everyMs: 100, what: `a second ${this.mainFile}` });
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (!this.process || this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = once(this.process, 'exit');
    this.process.kill(signal);
    await ended;
  }
}
