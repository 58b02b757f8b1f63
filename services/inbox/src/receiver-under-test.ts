import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Takes whatever is posted to it and keeps it; `answer` is the status of its answers. */
export async function startReceiver() {
  const came: { path: string; headers: IncomingHttpHeaders; body: string }[] = [];
  const state = { answer: 204 };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    came.push({ path: request.url ?? '', headers: request.headers, body });
    response.writeHead(state.answer).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    came,
    state,
    stop: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}

export type ReceiverUnderTest = Awaited<ReturnType<typeof startReceiver>>;
