import { randomBytes } from 'node:crypto';

/** What `GET /messages` shows of a message; `headers`, by lower-case name, of a mail that came whole. */
export type Message = { id: string; channel: 'sms' | 'email'; to: string; subject?: string; text: string; html?: string; receivedAt: string; headers?: Record<string, string> };

/** A message as it is kept: what the page shows besides. */
export type KeptMessage = Message & { from?: string; providerMessageId: string };

export type StoreChange = { kind: 'arrived'; message: KeptMessage } | { kind: 'cleared' };

const mostMessages = 5_000;
// 5,000 of the largest mails would be 50 GB.
const mostCharacters = 64 * 1024 * 1024;

/** The last messages, in memory: the same one twice is two messages. */
export class MessageStore {
  /** How many of each kind ever arrived. */
  readonly arrived = { sms: 0, email: 0 };
  private messages: KeptMessage[] = []; // oldest first
  private characters = 0;
  private readonly watchers = new Set<(change: StoreChange) => void>();

  get size(): number {
    return this.messages.length;
  }

  add(message: Omit<KeptMessage, 'id' | 'receivedAt'>, now = new Date()): KeptMessage {
    const kept = { id: uuidv7(now.getTime()), ...message, receivedAt: now.toISOString() };
    this.messages.push(kept);
    this.arrived[kept.channel] += 1;
    this.characters += lengthOf(kept);
    while (this.messages.length > mostMessages || (this.characters > mostCharacters && this.messages.length > 1)) {
      const oldest = this.messages.shift();
      if (oldest) this.characters -= lengthOf(oldest);
    }
    this.tell({ kind: 'arrived', message: kept });
    return kept;
  }

  /** Newest first, for one recipient or all. */
  list(filter: { to?: string | undefined; limit?: number | undefined } = {}): KeptMessage[] {
    const wanted = filter.to === undefined ? undefined : recipientKey(filter.to);
    const found: KeptMessage[] = [];
    for (let at = this.messages.length - 1; at >= 0 && found.length < (filter.limit ?? mostMessages); at -= 1) {
      const message = this.messages[at];
      if (message && (wanted === undefined || recipientKey(message.to) === wanted)) found.push(message);
    }
    return found;
  }

  find(id: string): KeptMessage | undefined {
    return this.messages.find((message) => message.id === id);
  }

  clear(): void {
    this.messages = [];
    this.characters = 0;
    this.tell({ kind: 'cleared' });
  }

  /** Calls back on every change until the returned function is called. */
  watch(watcher: (change: StoreChange) => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  private tell(change: StoreChange): void {
    for (const watcher of this.watchers) watcher(change);
  }
}

/** Addresses compare without case. In an unencoded query `+` arrives as a space, so a space is read as the `+` it was. */
function recipientKey(recipient: string): string {
  const lower = recipient.toLowerCase();
  return lower.includes('@') ? lower.replaceAll(' ', '+') : lower.replace(/^ /, '+').replace(/[\s()-]/g, '');
}

function lengthOf(message: KeptMessage): number {
  return message.text.length + (message.html?.length ?? 0) + (message.subject?.length ?? 0);
}

/** RFC 9562 5.7: 48 bits of milliseconds, then random. */
function uuidv7(milliseconds: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(milliseconds, 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
