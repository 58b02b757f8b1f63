import { parentPort, workerData } from 'node:worker_threads';
import { verifySync } from '@node-rs/argon2';

// Judges one password after another, on its own thread: the other way to keep hashing off the event loop.
const { stored, password } = workerData as { stored: string; password: string };
parentPort?.on('message', (ticket: number) => parentPort?.postMessage({ ticket, right: verifySync(stored, password) }));
