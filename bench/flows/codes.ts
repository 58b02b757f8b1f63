import { setTimeout as wait } from 'node:timers/promises';
import { generateSync } from 'otplib';
import type { Person } from './plan.ts';

const stepSeconds = 30;
const textWithinMs = 15_000;

/** The texts that the stand-in provider was asked to send, by number: one is read once. */
export class Texts {
  private readonly came = new Map<string, string>();
  private readonly awaited = new Map<string, (code: string) => void>();

  add(to: string, text: string): void {
    const code = /#(\d{6})$/.exec(text)?.[1];
    if (code === undefined) return;
    const waiting = this.awaited.get(to);
    this.awaited.delete(to);
    if (waiting) waiting(code);
    else this.came.set(to, code);
  }

  forget(to: string): void {
    this.came.delete(to);
  }

  next(to: string): Promise<string> {
    const code = this.came.get(to);
    this.came.delete(to);
    if (code !== undefined) return Promise.resolve(code);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.awaited.delete(to);
        reject(new Error('no text came'));
      }, textWithinMs);
      this.awaited.set(to, (found) => {
        clearTimeout(timer);
        resolve(found);
      });
    });
  }
}

const usedSteps = new WeakMap<Person, number>();

/**
 * A code that this person has not used: one that was accepted is not taken again, nor is an older one. With one step of
 * drift allowed either side, the next step's is good already; after that the person waits.
 */
export async function appCode(person: Person): Promise<string> {
  const { secret } = person;
  if (secret === undefined) throw new Error(`${person.name} has no authenticator app`);
  const now = () => Math.floor(Date.now() / 1000 / stepSeconds);
  const step = Math.max(now(), (usedSteps.get(person) ?? 0) + 1);
  usedSteps.set(person, step);
  if (step > now() + 1) await wait((step - 1) * stepSeconds * 1000 - Date.now());
  return generateSync({ secret: Buffer.from(secret), epoch: step * stepSeconds });
}
