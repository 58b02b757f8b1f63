/** Who the messages to a number or an address came from, as the page of the development inbox shows it; newest first. */
export async function inboxSenders(inboxUrl: string, to: string): Promise<(string | undefined)[]> {
  const stop = new AbortController();
  const stream = await fetch(`${inboxUrl}/events`, { signal: stop.signal });
  let text = '';
  for await (const chunk of stream.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const snapshot = /event: snapshot\ndata: (.*)\n\n/.exec(text)?.[1];
    if (!snapshot) continue;
    stop.abort();
    return (JSON.parse(snapshot) as { to: string; from?: string }[]).filter((message) => message.to === to).map(({ from }) => from);
  }
  throw new Error('the inbox told nothing');
}
