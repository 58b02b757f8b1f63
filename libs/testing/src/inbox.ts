import { eventually } from './eventually.ts';

/** A text or an email as the development inbox shows it. */
export type InboxMessage = { id: string; channel: 'sms' | 'email'; to: string; subject?: string; text: string; html?: string; receivedAt: string; headers?: Record<string, string> };

/** What was sent to a number or an address, newest first. */
export async function readInbox(inboxUrl: string, to: string): Promise<InboxMessage[]> {
  const response = await fetch(`${inboxUrl}/messages?to=${encodeURIComponent(to)}`, { signal: AbortSignal.timeout(5_000) });
  if (!response.ok) throw new Error(`the inbox answers ${response.status}: ${await response.text()}`);
  return (await response.json()) as InboxMessage[];
}

/** The code in a message: the one of its last line (`@host #123456`) when it has one. */
export function codeIn(message: InboxMessage): string | undefined {
  return /#(\d{6})\b/.exec(message.text)?.[1] ?? /(?<!\d)\d{6}(?!\d)/.exec(message.text)?.[0];
}

/**
 * Waits for a message that has a code, and gives the newest one's. `after`: only messages received at that time or later
 * count; take the time before asking for the code.
 */
export async function latestCode(
  inboxUrl: string,
  to: string,
  { after = new Date(0), timeoutMs = 10_000 }: { after?: Date | string; timeoutMs?: number } = {},
): Promise<string> {
  const since = new Date(after).getTime();
  return eventually(
    async () => {
      const messages = await readInbox(inboxUrl, to);
      return messages.filter((message) => Date.parse(message.receivedAt) >= since).map(codeIn).find((code) => code !== undefined);
    },
    { timeoutMs, everyMs: 50, what: `a message with a code to ${to}` },
  );
}
